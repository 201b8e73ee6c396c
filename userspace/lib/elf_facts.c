// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See elf_facts.h. Both widths and both byte orders through one table of
 * places, so that there is one reader to get right. Pure but for the reading
 * of the source.
 */
#include "elf_facts.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* More than any linker makes; what lies beyond is not looked at. */
#define HEADERS_MAX 512
#define NOTES_MAX 16384

struct reader {
	const struct elf_source *source;
	struct elf_facts *facts;
	int error;		/* of reading */
	uint64_t phoff, shoff;
	uint32_t phnum, shnum, phentsize, shentsize;
};

static int read_fd(const struct elf_source *source, uint64_t offset, void *to, size_t len)
{
	uint8_t *at = to;

	while (len) {
		ssize_t got = pread(source->fd, at, len, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -ESTALE;
		at += got;
		offset += (uint64_t)got;
		len -= (size_t)got;
	}
	return 0;
}

static int read_data(const struct elf_source *source, uint64_t offset, void *to, size_t len)
{
	memcpy(to, source->data + offset, len);
	return 0;
}

struct elf_source elf_source_fd(int fd, uint64_t size)
{
	return (struct elf_source){ .size = size, .read = read_fd, .fd = fd };
}

struct elf_source elf_source_data(const void *data, size_t size)
{
	return (struct elf_source){ .size = size, .read = read_data, .fd = -1, .data = data };
}

/* false: it does not lie in the file, or could not be read. */
static bool fetch(struct reader *reader, uint64_t offset, void *to, size_t len)
{
	if (offset > reader->source->size || len > reader->source->size - offset)
		return false;
	reader->error = reader->source->read(reader->source, offset, to, len);
	return !reader->error;
}

static bool is_wide(const struct reader *reader)
{
	return reader->facts->bits == 64;
}

/* A number of 2, 4 or 8 bytes in the file's byte order. */
static uint64_t number(const struct reader *reader, const uint8_t *at, size_t len)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < len; i++)
		value = value << 8 | at[reader->facts->big_endian ? i : len - 1 - i];
	return value;
}

/* Where a member stands, and its length, in the narrow and the wide shape. */
#define MEMBER(_reader, _raw, _name, _member) \
	(is_wide(_reader) ? \
		number(_reader, (_raw) + offsetof(Elf64_##_name, _member), \
		       sizeof(((Elf64_##_name *)0)->_member)) : \
		number(_reader, (_raw) + offsetof(Elf32_##_name, _member), \
		       sizeof(((Elf32_##_name *)0)->_member)))
#define SIZE(_reader, _name) \
	(is_wide(_reader) ? sizeof(Elf64_##_name) : sizeof(Elf32_##_name))

static void fault(struct reader *reader, const char *what)
{
	if (!reader->facts->fault)
		reader->facts->fault = what;
}

/* Offset of entry @i of a table; false if that is past what a file can have. */
static bool place(uint64_t table, uint32_t each, uint32_t i, uint64_t *offset)
{
	return !__builtin_add_overflow(table, (uint64_t)each * i, offset);
}

/* The counts that do not fit into 16 bits stand in the first section. */
static void extended_counts(struct reader *reader)
{
	uint8_t raw[sizeof(Elf64_Shdr)];

	if ((reader->phnum != PN_XNUM && reader->shnum) || !reader->shoff ||
	    !fetch(reader, reader->shoff, raw, SIZE(reader, Shdr)))
		return;
	if (reader->phnum == PN_XNUM)
		reader->phnum = (uint32_t)MEMBER(reader, raw, Shdr, sh_info);
	if (!reader->shnum) {
		uint64_t count = MEMBER(reader, raw, Shdr, sh_size);

		reader->shnum = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	}
}

static bool read_head(struct reader *reader)
{
	struct elf_facts *facts = reader->facts;
	uint8_t raw[sizeof(Elf64_Ehdr)];

	if (!fetch(reader, 0, raw, EI_NIDENT) || memcmp(raw, ELFMAG, SELFMAG))
		return false;
	facts->is_elf = true;
	facts->big_endian = raw[EI_DATA] == ELFDATA2MSB;
	facts->bits = raw[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	if ((raw[EI_CLASS] != ELFCLASS32 && raw[EI_CLASS] != ELFCLASS64) ||
	    (raw[EI_DATA] != ELFDATA2LSB && raw[EI_DATA] != ELFDATA2MSB)) {
		fault(reader, "of no known width or byte order");
		return false;
	}
	if (!fetch(reader, 0, raw, SIZE(reader, Ehdr))) {
		fault(reader, "the file ends inside its header");
		return false;
	}
	facts->type = (uint16_t)MEMBER(reader, raw, Ehdr, e_type);
	facts->machine = (uint16_t)MEMBER(reader, raw, Ehdr, e_machine);
	facts->entry = MEMBER(reader, raw, Ehdr, e_entry);
	reader->phoff = MEMBER(reader, raw, Ehdr, e_phoff);
	reader->shoff = MEMBER(reader, raw, Ehdr, e_shoff);
	reader->phnum = (uint32_t)MEMBER(reader, raw, Ehdr, e_phnum);
	reader->shnum = (uint32_t)MEMBER(reader, raw, Ehdr, e_shnum);
	reader->phentsize = (uint32_t)MEMBER(reader, raw, Ehdr, e_phentsize);
	reader->shentsize = (uint32_t)MEMBER(reader, raw, Ehdr, e_shentsize);
	extended_counts(reader);
	return true;
}

static void take_load(struct elf_facts *facts, uint32_t flags, struct elf_segment segment)
{
	facts->loads++;
	if ((flags & (PF_W | PF_X)) != (PF_W | PF_X))
		return;
	if (facts->wx < ELF_FACTS_WX_MAX)
		facts->wx_segment[facts->wx] = segment;
	facts->wx++;
}

static void take_interp(struct reader *reader, struct elf_segment segment)
{
	struct elf_facts *facts = reader->facts;
	size_t len = segment.in_file > ELF_FACTS_INTERP_MAX ? ELF_FACTS_INTERP_MAX :
							      (size_t)segment.in_file;

	if (facts->interp_len)
		return;		/* the kernel takes the first one */
	if (!fetch(reader, segment.offset, facts->interp, len))
		fault(reader, "its interpreter's name lies outside of the file");
	else
		facts->interp_len = strnlen((char *)facts->interp, len);
}

/* One walk through notes: names and descriptors are padded to 4 bytes. */
static void take_notes(struct reader *reader, uint64_t offset, uint64_t size)
{
	struct elf_facts *facts = reader->facts;
	uint64_t end, at = offset, name, left = NOTES_MAX;
	uint8_t raw[sizeof(Elf64_Nhdr)], who[4];
	uint32_t namesz, descsz, type;

	if (__builtin_add_overflow(offset, size, &end) || facts->build_id_len)
		return;
	while (at < end && left >= sizeof(raw) && fetch(reader, at, raw, sizeof(raw))) {
		namesz = (uint32_t)number(reader, raw, 4);
		descsz = (uint32_t)number(reader, raw + 4, 4);
		type = (uint32_t)number(reader, raw + 8, 4);
		name = at + sizeof(raw);
		at = name + ((uint64_t)namesz + 3) / 4 * 4;
		if (type == NT_GNU_BUILD_ID && namesz == sizeof(who) && descsz &&
		    descsz <= ELF_FACTS_BUILD_ID_MAX && fetch(reader, name, who, sizeof(who)) &&
		    !memcmp(who, "GNU", sizeof(who)) &&
		    fetch(reader, at, facts->build_id, descsz)) {
			facts->build_id_len = descsz;
			return;
		}
		at += ((uint64_t)descsz + 3) / 4 * 4;
		left -= sizeof(raw);
	}
}

static void take_segment(struct reader *reader, const uint8_t *raw)
{
	const uint32_t flags = (uint32_t)MEMBER(reader, raw, Phdr, p_flags);
	const struct elf_segment segment = {
		.offset = MEMBER(reader, raw, Phdr, p_offset),
		.address = MEMBER(reader, raw, Phdr, p_vaddr),
		.in_file = MEMBER(reader, raw, Phdr, p_filesz),
		.in_memory = MEMBER(reader, raw, Phdr, p_memsz),
	};

	switch (MEMBER(reader, raw, Phdr, p_type)) {
	case PT_LOAD:
		take_load(reader->facts, flags, segment);
		break;
	case PT_DYNAMIC:
		reader->facts->dynamic = true;
		break;
	case PT_INTERP:
		take_interp(reader, segment);
		break;
	case PT_NOTE:
		take_notes(reader, segment.offset, segment.in_file);
		break;
	case PT_GNU_STACK:
		reader->facts->has_stack = true;
		reader->facts->exec_stack = flags & PF_X;
		break;
	}
}

static void read_segments(struct reader *reader)
{
	uint8_t raw[sizeof(Elf64_Phdr)];
	uint64_t offset;
	uint32_t i;

	if (reader->phnum && reader->phentsize != SIZE(reader, Phdr)) {
		fault(reader, "its program headers have a size of their own");
		return;
	}
	for (i = 0; i < reader->phnum && i < HEADERS_MAX; i++) {
		if (!place(reader->phoff, reader->phentsize, i, &offset) ||
		    !fetch(reader, offset, raw, SIZE(reader, Phdr))) {
			fault(reader, "its program headers lie outside of the file");
			return;
		}
		take_segment(reader, raw);
	}
	if (i < reader->phnum)
		fault(reader, "it has more program headers than are looked at");
}

static void read_sections(struct reader *reader)
{
	struct elf_facts *facts = reader->facts;
	uint8_t raw[sizeof(Elf64_Shdr)];
	uint64_t offset;
	uint32_t i, type;

	facts->stripped = true;
	if (!reader->shoff || !reader->shnum || reader->shentsize != SIZE(reader, Shdr))
		return;
	for (i = 0; i < reader->shnum && i < HEADERS_MAX; i++) {
		if (!place(reader->shoff, reader->shentsize, i, &offset) ||
		    !fetch(reader, offset, raw, SIZE(reader, Shdr))) {
			fault(reader, "its sections lie outside of the file");
			return;
		}
		facts->has_sections = true;
		type = (uint32_t)MEMBER(reader, raw, Shdr, sh_type);
		if (type == SHT_SYMTAB)
			facts->stripped = false;
		if (type == SHT_NOTE)
			take_notes(reader, MEMBER(reader, raw, Shdr, sh_offset),
				   MEMBER(reader, raw, Shdr, sh_size));
	}
}

int elf_facts_read(const struct elf_source *source, struct elf_facts *facts)
{
	struct reader reader = { .source = source, .facts = facts };

	memset(facts, 0, sizeof(*facts));
	if (!read_head(&reader))
		return reader.error;
	read_segments(&reader);
	if (!reader.error)
		read_sections(&reader);
	return reader.error;
}

const char *elf_type_name(uint16_t type)
{
	switch (type) {
	case ET_REL:
		return "relocatable";
	case ET_EXEC:
		return "executable";
	case ET_DYN:
		return "shared object or PIE";
	case ET_CORE:
		return "core";
	default:
		return NULL;
	}
}

const char *elf_machine_name(uint16_t machine)
{
	switch (machine) {
	case EM_386:
		return "i386";
	case EM_X86_64:
		return "x86-64";
	case EM_ARM:
		return "arm";
	case EM_AARCH64:
		return "aarch64";
	case EM_RISCV:
		return "riscv";
	case EM_PPC64:
		return "ppc64";
	case EM_S390:
		return "s390";
	case EM_MIPS:
		return "mips";
	default:
		return NULL;
	}
}
