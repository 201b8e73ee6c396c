// SPDX-License-Identifier: GPL-2.0-or-later
/* What is read out of a payload: digest, entropy, strings, ELF facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <lib/elf_facts.h>
#include <lib/exe_file.h>
#include <lib/payload.h>

/* A file of one width that has each thing that is looked for. */
struct wide {
	Elf64_Ehdr head;
	Elf64_Phdr part[5];
	Elf64_Nhdr note;
	char who[4];
	uint8_t id[20];
	char interp[28];
	Elf64_Shdr section[2];
};

static struct wide wide(void)
{
	struct wide file = {
		.head = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB },
			.e_type = ET_DYN, .e_machine = EM_X86_64, .e_entry = 0x1234,
			.e_phoff = offsetof(struct wide, part), .e_phnum = 5,
			.e_phentsize = sizeof(Elf64_Phdr), .e_shentsize = sizeof(Elf64_Shdr),
			.e_shoff = offsetof(struct wide, section), .e_shnum = 2,
		},
		.part = {
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X },
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_vaddr = 0x4000,
			  .p_offset = 64, .p_filesz = 128, .p_memsz = 8192 },
			{ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W | PF_X },
			{ .p_type = PT_NOTE, .p_offset = offsetof(struct wide, note),
			  .p_filesz = 36 },
			{ .p_type = PT_INTERP, .p_offset = offsetof(struct wide, interp),
			  .p_filesz = sizeof(file.interp) },
		},
		.note = { 4, 20, NT_GNU_BUILD_ID },
		.who = "GNU",
		.id = { 0xde, 0xad, [19] = 0x42 },
		.interp = "/lib64/ld-linux-x86-64.so.2",
		.section = { { 0 }, { .sh_type = SHT_SYMTAB } },
	};

	return file;
}

static void facts_of(const void *data, size_t len, struct elf_facts *facts)
{
	/* As long as it says and no longer, so that a byte too far is seen. */
	uint8_t *copy = malloc(len + !len);
	struct elf_source source;

	assert_non_null(copy);
	memcpy(copy, data, len);
	source = elf_source_data(copy, len);
	assert_int_equal(elf_facts_read(&source, facts), 0);
	free(copy);
}

static void an_elf_file_is_told(void **state)
{
	struct wide file = wide();
	struct elf_facts facts;

	(void)state;
	facts_of(&file, sizeof(file), &facts);
	assert_true(facts.is_elf);
	assert_null(facts.fault);
	assert_int_equal(facts.bits, 64);
	assert_false(facts.big_endian);
	assert_string_equal(elf_type_name(facts.type), "shared object or PIE");
	assert_string_equal(elf_machine_name(facts.machine), "x86-64");
	assert_int_equal(facts.entry, 0x1234);
	assert_int_equal(facts.loads, 2);
	assert_int_equal(facts.wx, 1);
	assert_int_equal(facts.wx_segment[0].address, 0x4000);
	assert_int_equal(facts.wx_segment[0].in_memory, 8192);
	assert_true(facts.has_stack && facts.exec_stack);
	assert_int_equal(facts.interp_len, 27);
	assert_memory_equal(facts.interp, "/lib64/ld-linux-x86-64.so.2", 27);
	assert_int_equal(facts.build_id_len, 20);
	assert_memory_equal(facts.build_id, file.id, 20);
	assert_true(facts.has_sections);
	assert_false(facts.stripped);
	file.section[1].sh_type = SHT_DYNSYM;
	file.part[2].p_flags = PF_R | PF_W;
	file.part[1].p_flags = PF_R | PF_W;
	facts_of(&file, sizeof(file), &facts);
	assert_true(facts.stripped);
	assert_true(facts.has_stack && !facts.exec_stack);
	assert_int_equal(facts.wx, 0);
}

static void the_other_byte_order_is_told(void **state)
{
	/* 32 bits, big-endian: a header and one segment. */
	uint8_t file[52 + 32] = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2MSB };
	struct elf_facts facts;

	(void)state;
	file[17] = ET_EXEC;
	file[19] = EM_MIPS;
	file[31] = 52;		/* e_phoff */
	file[43] = 32;		/* e_phentsize */
	file[45] = 1;		/* e_phnum */
	file[52 + 3] = PT_LOAD;
	file[52 + 27] = PF_W | PF_X;
	facts_of(file, sizeof(file), &facts);
	assert_int_equal(facts.bits, 32);
	assert_true(facts.big_endian);
	assert_string_equal(elf_type_name(facts.type), "executable");
	assert_string_equal(elf_machine_name(facts.machine), "mips");
	assert_int_equal(facts.wx, 1);
	assert_true(facts.stripped && !facts.has_sections && !facts.has_stack);
	assert_null(facts.fault);
}

static void what_is_cut_is_said(void **state)
{
	struct wide file = wide();
	struct elf_facts facts;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(file); len++) {
		facts_of(&file, len, &facts);
		assert_int_equal(facts.is_elf, len >= EI_NIDENT);
		if (len >= EI_NIDENT)
			assert_non_null(facts.fault);
	}
}

static void numbers_that_lie_are_refused(void **state)
{
	struct wide file = wide();
	struct elf_facts facts;

	(void)state;
	file.head.e_phoff = UINT64_MAX - 8;
	facts_of(&file, sizeof(file), &facts);
	assert_non_null(facts.fault);
	file = wide();
	file.head.e_phentsize = 1;
	facts_of(&file, sizeof(file), &facts);
	assert_non_null(facts.fault);
	file = wide();
	file.part[4].p_filesz = UINT64_MAX;	/* the interpreter's name */
	facts_of(&file, sizeof(file), &facts);
	assert_string_equal(facts.fault, "its interpreter's name lies outside of the file");
	assert_int_equal(facts.interp_len, 0);
	file = wide();
	file.note.n_namesz = UINT32_MAX;
	facts_of(&file, sizeof(file), &facts);
	assert_int_equal(facts.build_id_len, 0);
	file = wide();
	file.part[3].p_filesz = UINT64_MAX;
	file.note.n_type = 99;
	file.note.n_descsz = UINT32_MAX;
	facts_of(&file, sizeof(file), &facts);
	assert_int_equal(facts.build_id_len, 0);
	/* Counts that stand in the first section, and are more than there is. */
	file = wide();
	file.head.e_phnum = PN_XNUM;
	file.head.e_shnum = 0;
	file.section[0].sh_info = UINT32_MAX;
	file.section[0].sh_size = UINT64_MAX;
	facts_of(&file, sizeof(file), &facts);
	assert_non_null(facts.fault);
}

static void what_is_none_is_none(void **state)
{
	struct elf_facts facts;

	(void)state;
	facts_of("#!/bin/sh\necho this is longer than a header of any kind\n", 50, &facts);
	assert_false(facts.is_elf);
	facts_of("", 0, &facts);
	assert_false(facts.is_elf);
}

static void a_file_is_read_as_bytes_are(void **state)
{
	struct elf_facts facts;
	struct elf_source source;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	source = elf_source_fd(fd, (uint64_t)lseek(fd, 0, SEEK_END));
	assert_int_equal(elf_facts_read(&source, &facts), 0);
	assert_true(facts.is_elf && facts.dynamic && facts.interp_len);
	assert_int_equal(facts.wx, 0);
	/* One that became shorter while it is read. */
	source.size += 1 << 20;
	source.fd = -1;
	assert_int_equal(elf_facts_read(&source, &facts), -EBADF);
	close(fd);
}

static int file_of(const void *data, size_t len)
{
	int fd = memfd_create("payload", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), (ssize_t)len);
	return fd;
}

static void it_is_copied_and_told(void **state)
{
	static const char text[] = "\1\2short\0this is a string\xff""another\tone\n";
	int fd = file_of(text, sizeof(text)), to = memfd_create("to", MFD_CLOEXEC);
	char hex[EXE_FILE_HEX_MAX], back[sizeof(text)];
	struct payload payload;

	(void)state;
	assert_int_equal(payload_copy(fd, to, 1000, NULL, NULL, &payload, 10), 0);
	assert_int_equal(payload.size, sizeof(text));
	assert_int_equal(pread(to, back, sizeof(back), 0), sizeof(back));
	assert_memory_equal(back, text, sizeof(text));
	assert_int_equal(payload.strings, 2);
	assert_int_equal(payload.kept, 2);
	assert_string_equal(payload.string[0].text, "this is a string");
	assert_int_equal(payload.string[0].offset, 8);
	assert_string_equal(payload.string[1].text, "another\tone");
	payload_free(&payload);
	assert_int_equal(payload_copy(fd, -1, 1000, NULL, NULL, &payload, 1), 0);
	assert_int_equal(payload.strings, 2);
	assert_int_equal(payload.kept, 1);
	payload_free(&payload);
	assert_int_equal(payload_copy(fd, -1, sizeof(text) - 1, NULL, NULL, &payload, 1), -EFBIG);
	assert_int_equal(payload_copy(-1, -1, 1000, NULL, NULL, &payload, 1), -EBADF);
	close(fd);
	fd = file_of("abc", 3);
	assert_int_equal(payload_copy(fd, -1, 3, NULL, NULL, &payload, 1), 0);
	exe_file_hex(payload.sha256, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	payload_free(&payload);
	close(fd);
	close(to);
}

static int at_once(void *arg)
{
	(void)arg;
	return 1;
}

static void it_can_be_interrupted(void **state)
{
	int fd = file_of("abc", 3);
	struct payload payload;

	(void)state;
	assert_int_equal(payload_copy(fd, -1, 3, at_once, NULL, &payload, 1), -EINTR);
	close(fd);
}

static void entropy_is_measured(void **state)
{
	static uint8_t data[65536];
	struct payload payload;
	size_t i;

	(void)state;
	payload_begin(&payload, 0);
	assert_int_equal(payload_end(&payload), 0);
	assert_int_equal(payload.entropy, 0);
	payload_begin(&payload, 0);
	assert_int_equal(payload_add(&payload, data, sizeof(data)), 0);
	assert_int_equal(payload_end(&payload), 0);
	assert_int_equal(payload.entropy, 0);
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	payload_begin(&payload, 0);
	assert_int_equal(payload_add(&payload, data, sizeof(data)), 0);
	assert_int_equal(payload_end(&payload), 0);
	assert_int_equal(payload.entropy, 8000);
	/* Three quarters of one byte, a quarter of another: 0.811 bits. */
	memset(data, 'a', sizeof(data));
	memset(data, 'b', sizeof(data) / 4);
	payload_begin(&payload, 0);
	assert_int_equal(payload_add(&payload, data, sizeof(data)), 0);
	assert_int_equal(payload_end(&payload), 0);
	assert_int_equal(payload.entropy, 811);
	/* And it is one long string, of which some is kept, over all chunks. */
	assert_int_equal(payload.strings, 1);
	payload_begin(&payload, PAYLOAD_STRINGS_MAX + 1);
	for (i = 0; i < 3; i++)
		assert_int_equal(payload_add(&payload, data, sizeof(data)), 0);
	assert_int_equal(payload_end(&payload), 0);
	assert_int_equal(payload.kept, 1);
	assert_int_equal(payload.string[0].len, 3 * sizeof(data));
	assert_int_equal(payload.string[0].shown, PAYLOAD_STRING_MAX);
	payload_free(&payload);
}

static void the_list_of_strings_is_bounded(void **state)
{
	struct payload payload;
	int i;

	(void)state;
	payload_begin(&payload, 100000);
	for (i = 0; i < PAYLOAD_STRINGS_MAX + 50; i++)
		assert_int_equal(payload_add(&payload, (const uint8_t *)"a string", 9), 0);
	assert_int_equal(payload_end(&payload), 0);
	assert_int_equal(payload.strings, PAYLOAD_STRINGS_MAX + 50);
	assert_int_equal(payload.kept, PAYLOAD_STRINGS_MAX);
	payload_free(&payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_elf_file_is_told),
		cmocka_unit_test(the_other_byte_order_is_told),
		cmocka_unit_test(what_is_cut_is_said),
		cmocka_unit_test(numbers_that_lie_are_refused),
		cmocka_unit_test(what_is_none_is_none),
		cmocka_unit_test(a_file_is_read_as_bytes_are),
		cmocka_unit_test(it_is_copied_and_told),
		cmocka_unit_test(it_can_be_interrupted),
		cmocka_unit_test(entropy_is_measured),
		cmocka_unit_test(the_list_of_strings_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
