// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes the samples of the unit tests as inputs of target_wire into the
 * folder given, so that a new attribute is fuzzed from the day that it has a
 * sample. With --elf: small ELF files, as inputs of target_elf.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/sample.h"

static struct sample sample;
static const char *folder;

static void write_seed(const char *name, uint8_t decoder)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/seed-%s", folder, name);
	out = fopen(path, "w");
	if (!out || fputc(decoder, out) == EOF ||
	    fwrite(sample_attrs(&sample), 1, sample_len(&sample), out) !=
		    sample_len(&sample) || fclose(out)) {
		perror(path);
		exit(1);
	}
}

static void write_elf(const char *name, const void *data, size_t len)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/seed-%s", folder, name);
	out = fopen(path, "w");
	if (!out || fputc(7, out) == EOF || fwrite(data, 1, len, out) != len || fclose(out)) {
		perror(path);
		exit(1);
	}
}

/* The parts that are looked for, in either width. */
#define ELF_SEED(_bits) do { \
	struct { \
		Elf##_bits##_Ehdr head; \
		Elf##_bits##_Phdr part[5]; \
		Elf##_bits##_Shdr section[2]; \
		Elf##_bits##_Nhdr note; \
		char who[4], id[20], interp[16]; \
	} file; \
	memset(&file, 0, sizeof(file)); \
	memcpy(file.head.e_ident, ELFMAG, SELFMAG); \
	file.head.e_ident[EI_CLASS] = ELFCLASS##_bits; \
	file.head.e_ident[EI_DATA] = ELFDATA2LSB; \
	file.head.e_phoff = (uint8_t *)file.part - (uint8_t *)&file; \
	file.head.e_phnum = 5; \
	file.head.e_phentsize = sizeof(file.part[0]); \
	file.head.e_shoff = (uint8_t *)file.section - (uint8_t *)&file; \
	file.head.e_shnum = 2; \
	file.head.e_shentsize = sizeof(file.section[0]); \
	file.part[0].p_type = PT_LOAD; \
	file.part[0].p_flags = PF_W | PF_X; \
	file.part[1].p_type = PT_INTERP; \
	file.part[1].p_offset = (uint8_t *)file.interp - (uint8_t *)&file; \
	file.part[1].p_filesz = sizeof(file.interp); \
	file.part[2].p_type = PT_NOTE; \
	file.part[2].p_offset = (uint8_t *)&file.note - (uint8_t *)&file; \
	file.part[2].p_filesz = sizeof(file.note) + sizeof(file.who) + sizeof(file.id); \
	file.part[3].p_type = PT_GNU_STACK; \
	file.part[4].p_type = PT_DYNAMIC; \
	file.section[0].sh_type = SHT_NOTE; \
	file.section[1].sh_type = SHT_SYMTAB; \
	file.note.n_namesz = sizeof(file.who); \
	file.note.n_descsz = sizeof(file.id); \
	file.note.n_type = NT_GNU_BUILD_ID; \
	memcpy(file.who, "GNU", sizeof(file.who)); \
	memcpy(file.interp, "/lib/ld.so", 10); \
	write_elf("elf" #_bits, &file, sizeof(file)); \
} while (0)

static int elf_seeds(const char *where)
{
	folder = where;
	ELF_SEED(32);
	ELF_SEED(64);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--elf"))
		return elf_seeds(argv[2]);
	if (argc != 2)
		return 2;
	folder = argv[1];
	sample_rwx(&sample);
	write_seed("rwx", 0);
	sample_memfd(&sample, WXGUARD_VERDICT_DENIED);
	write_seed("memfd", 0);
	sample_foreign(&sample, WXGUARD_FLAG_REPEAT);
	write_seed("foreign", 0);
	sample_dual(&sample);
	write_seed("dual", 0);
	sample_tamper(&sample, WXGUARD_TAMPER_CANARY);
	write_seed("tamper", 0);
	return 0;
}
