/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an ELF file says about itself. The file is hostile: every number in it
 * is checked against its size before it is used, each is read once, and the
 * work is bounded whatever the file says. It is never mapped nor run.
 */
#ifndef WXG_LIB_ELF_FACTS_H
#define WXG_LIB_ELF_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_FACTS_WX_MAX 16
#define ELF_FACTS_INTERP_MAX 255
#define ELF_FACTS_BUILD_ID_MAX 64

/* Where the bytes are. */
struct elf_source {
	uint64_t size;
	/* Exactly @len bytes at @offset, which lie within @size. 0 or -errno. */
	int (*read)(const struct elf_source *source, uint64_t offset, void *to, size_t len);
	int fd;
	const uint8_t *data;
};

struct elf_segment {
	uint64_t offset, address, in_file, in_memory;
};

struct elf_facts {
	bool is_elf;
	const char *fault;	/* NULL = as far as it was read it is sound */
	unsigned int bits;	/* 32 or 64 */
	bool big_endian;
	uint16_t type, machine;
	uint64_t entry;
	unsigned int loads, wx;	/* PT_LOAD segments, and those W and X */
	struct elf_segment wx_segment[ELF_FACTS_WX_MAX];
	bool has_stack;		/* PT_GNU_STACK; without it old machines run the stack */
	bool exec_stack;
	bool dynamic;
	size_t interp_len;	/* 0 = none; hostile, without a terminator */
	uint8_t interp[ELF_FACTS_INTERP_MAX];
	size_t build_id_len;
	uint8_t build_id[ELF_FACTS_BUILD_ID_MAX];
	bool has_sections;	/* a table of sections that can be read */
	bool stripped;		/* no table of symbols but the dynamic one */
};

/* Of an open file, by pread(); of bytes in memory. */
struct elf_source elf_source_fd(int fd, uint64_t size);
struct elf_source elf_source_data(const void *data, size_t size);

/* 0, also when it is no ELF file or a broken one; -errno when reading fails. */
int elf_facts_read(const struct elf_source *source, struct elf_facts *facts);

/* "executable", "shared object or PIE", "relocatable", "core"; NULL = unknown. */
const char *elf_type_name(uint16_t type);
/* "x86-64"; NULL = not one that is common. */
const char *elf_machine_name(uint16_t machine);

#endif
