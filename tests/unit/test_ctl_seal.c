// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys and signatures of baselines: whatever is changed in a signed file, it
 * is not taken for what was signed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/seal.h>
#include <ctl/sign_pem.h>

#include "folder.h"

#define TEXT "{\"wxguard_baseline\":1,\"entries\":1}\n{\"path\":\"/bin/a\"}\n"

static char why[SIGN_WHY_MAX];

static int begin(void **state)
{
	(void)state;
	return dir_make("seal") || !ed25519_load() ? -1 : 0;
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

static void write_file(const char *name, const void *data, size_t len, mode_t mode)
{
	FILE *out = fopen(dir_in(name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(dir_in(name), mode), 0);
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	return stat(dir_in(name), &st) ? 0 : st.st_mode & 07777;
}

static struct sign_secret a_key(const char *name)
{
	struct sign_secret secret;

	if (sign_key_make(dir_in(name), &secret, why))
		fail_msg("%s", why);
	return secret;
}

/* ---- the signature itself ---- */

/* The first test vector of RFC 8032, section 7.1: nothing is signed. */
static void it_is_ed25519(void **state)
{
	static const uint8_t seed[ED25519_LEN] = {
		0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
		0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
	};
	static const uint8_t expected[] = { 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7 };
	static const uint8_t signature[] = { 0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72 };
	uint8_t public_key[ED25519_LEN], made[ED25519_SIGN_LEN];

	(void)state;
	ed25519_public(seed, public_key);
	assert_memory_equal(public_key, expected, sizeof(expected));
	ed25519_sign(seed, public_key, "", 0, made);
	assert_memory_equal(made, signature, sizeof(signature));
	assert_true(ed25519_verify(public_key, "", 0, made));
	assert_false(ed25519_verify(public_key, "x", 1, made));
}

/* ---- files of keys ---- */

static void a_pair_is_made_once_and_read_again(void **state)
{
	struct sign_secret secret = a_key("key"), again;
	struct sign_trusted trusted;

	(void)state;
	assert_int_equal(mode_of("key"), 0600);
	assert_int_equal(mode_of("key.pub"), 0644);
	assert_int_equal(sign_secret_read(dir_in("key"), &again, why), 0);
	assert_memory_equal(again.seed, secret.seed, ED25519_LEN);
	assert_string_equal(again.key.id, secret.key.id);
	assert_int_equal(sign_trusted_read(dir_in("key.pub"), &trusted, why), 0);
	assert_int_equal(trusted.count, 1);
	assert_memory_equal(trusted.key[0].public_key, secret.key.public_key, ED25519_LEN);
	sign_trusted_free(&trusted);
	assert_int_equal(sign_key_make(dir_in("key"), &again, why), -EEXIST);
	sign_secret_wipe(&again);
	assert_int_equal(again.seed[0] | again.seed[31], 0);
	assert_int_equal(sign_secret_read(dir_in("key"), &again, why), 0);
	assert_memory_equal(again.seed, secret.seed, ED25519_LEN);
	/* Half a pair is none. */
	unlink(dir_in("key"));
	assert_int_equal(sign_key_make(dir_in("key"), &again, why), -EEXIST);
	assert_int_equal(mode_of("key"), 0);
}

static void a_key_has_one_form(void **state)
{
	uint8_t key[ED25519_LEN], got[ED25519_LEN];
	char text[SIGN_PEM_MAX + 1], changed[SIGN_PEM_MAX + 1];
	size_t len, i;
	int secret;

	(void)state;
	for (secret = 0; secret < 2; secret++) {
		memset(key, 0xa5, sizeof(key));
		sign_pem_print(secret, key, text);
		len = strlen(text);
		assert_true(sign_pem_parse(secret, text, len, got));
		assert_memory_equal(got, key, sizeof(key));
		assert_false(sign_pem_parse(!secret, text, len, got));
		for (i = 0; i < len; i++) {
			assert_false(sign_pem_parse(secret, text, i, got));
			memcpy(changed, text, len + 1);
			changed[i] ^= 1;
			/* Another digit of the key makes another key, not the same. */
			if (sign_pem_parse(secret, changed, len, got))
				assert_memory_not_equal(got, key, sizeof(key));
		}
		strcpy(text + len, "\n");
		assert_true(sign_pem_parse(secret, text, len + 1, got));
		strcpy(text + len, "x");
		assert_false(sign_pem_parse(secret, text, len + 1, got));
		assert_false(sign_pem_parse(secret, text, len + 2, got));
	}
}

static void rights_decide_what_a_key_is_worth(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
		int error;
	} rows[] = {
		{ "key", 0400, 0 }, { "key", 0640, -EPERM }, { "key", 0604, -EPERM },
		{ "key.pub", 0444, 0 }, { "key.pub", 0664, -EPERM }, { "key.pub", 0646, -EPERM },
		{ ".", 0755, 0 }, { ".", 0775, -EPERM }, { ".", 01777, -EPERM }, { ".", 0700, 0 },
	};
	struct sign_secret secret = a_key("key");
	struct sign_trusted trusted;
	size_t i;
	int error;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(chmod(dir_in(rows[i].name), rows[i].mode), 0);
		if (!strcmp(rows[i].name, "key"))
			error = sign_secret_read(dir_in("key"), &secret, why);
		else
			error = sign_trusted_read(dir_in(rows[i].name), &trusted, why);
		if (error != rows[i].error)
			fail_msg("row %zu: %d", i, error);
		if (!error && strcmp(rows[i].name, "key")) {
			assert_int_equal(trusted.count, 1);
			sign_trusted_free(&trusted);
		}
		assert_int_equal(chmod(dir_in(rows[i].name), i < 3 ? 0600 : i < 6 ? 0644 : 0700), 0);
	}
}

static void one_bad_key_spoils_the_folder(void **state)
{
	struct sign_trusted trusted;

	(void)state;
	assert_int_equal(sign_trusted_read(dir, &trusted, why), 0);
	assert_int_equal(trusted.count, 0);
	a_key("one");
	a_key("two");
	write_file("README", "x", 1, 0644);
	write_file(".hidden.pub", "x", 1, 0644);
	assert_int_equal(sign_trusted_read(dir, &trusted, why), 0);
	assert_int_equal(trusted.count, 2);
	assert_string_equal(trusted.key[0].name, "one.pub");
	sign_trusted_free(&trusted);
	write_file("three.pub", "x", 1, 0644);
	assert_int_equal(sign_trusted_read(dir, &trusted, why), -EINVAL);
	assert_non_null(strstr(why, "three.pub holds no public Ed25519 key"));
	assert_null(trusted.key);
	assert_int_equal(sign_trusted_read(dir_in("none"), &trusted, why), -ENOENT);
	unlink(dir_in("three.pub"));
	assert_int_equal(mkfifo(dir_in("three.pub"), 0644), 0);
	assert_int_equal(sign_trusted_read(dir, &trusted, why), -EINVAL);
}

/* Whatever the rights of its file: that it is the other half is what helps. */
static void the_other_half_is_called_that(void **state)
{
	struct sign_trusted trusted;
	struct sign_secret secret;

	(void)state;
	a_key("one");
	assert_int_equal(sign_secret_read(dir_in("one.pub"), &secret, why), -EINVAL);
	assert_non_null(strstr(why, "one.pub holds a public key; what signs is the secret one"));
	assert_int_equal(sign_trusted_read(dir_in("one"), &trusted, why), -EINVAL);
	assert_non_null(strstr(why, "one holds a secret key; what is trusted is the public one"));
	assert_int_equal(chmod(dir_in("one"), 0666), 0);
	assert_int_equal(sign_trusted_read(dir_in("one"), &trusted, why), -EINVAL);
	assert_non_null(strstr(why, "holds a secret key"));
}

/* ---- a signed text ---- */

struct signed_text {
	char data[1024];
	size_t len, text;
	struct sign_secret secret;
	struct sign_trusted trusted;
};

static void make_signed(struct signed_text *it, const char *text)
{
	char line[SEAL_LINE_MAX];

	memset(it, 0, sizeof(*it));
	it->secret = a_key("signer");
	it->trusted = (struct sign_trusted){ &it->secret.key, 1 };
	it->text = strlen(text);
	seal_line(&it->secret, text, it->text, line);
	it->len = (size_t)snprintf(it->data, sizeof(it->data), "%s%s", text, line);
}

static enum seal check(const struct signed_text *it, const char *data, size_t len, size_t *body)
{
	/* A copy of that size, so that ASan sees who reads on. */
	char *copy = malloc(len ? len : 1);
	const struct sign_key *by;
	enum seal seal;

	memcpy(copy, data, len);
	seal = seal_check(copy, len, &it->trusted, body, &by, why);
	assert_int_equal(by != NULL, seal == SEAL_GOOD);
	free(copy);
	return seal;
}

static void what_was_signed_is_good(void **state)
{
	static const char *const texts[] = { TEXT, "", "\n", "no newline at its end\n" };
	struct signed_text it;
	size_t i, body;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		make_signed(&it, texts[i]);
		assert_int_equal(check(&it, it.data, it.len, &body), SEAL_GOOD);
		assert_int_equal(body, it.text);
		unlink(dir_in("signer"));
		unlink(dir_in("signer.pub"));
	}
}

static void no_byte_can_be_changed(void **state)
{
	static const unsigned char flips[] = { 0x01, 0x20, 0x80, 0xff };
	struct signed_text it;
	size_t i, flip, body;

	(void)state;
	make_signed(&it, TEXT);
	for (i = 0; i < it.len; i++) {
		for (flip = 0; flip < sizeof(flips); flip++) {
			it.data[i] ^= (char)flips[flip];
			if (check(&it, it.data, it.len, &body) == SEAL_GOOD)
				fail_msg("byte %zu, changed by %02x", i, flips[flip]);
			it.data[i] ^= (char)flips[flip];
		}
	}
	assert_int_equal(check(&it, it.data, it.len, &body), SEAL_GOOD);
}

static void nothing_can_be_cut_or_added(void **state)
{
	struct signed_text it;
	char more[1100];
	size_t i, body;

	(void)state;
	make_signed(&it, TEXT);
	for (i = 0; i < it.len; i++) {
		if (check(&it, it.data, i, &body) == SEAL_GOOD)
			fail_msg("cut after %zu bytes", i);
		if (i && check(&it, it.data + i, it.len - i, &body) == SEAL_GOOD)
			fail_msg("cut before byte %zu", i);
		memcpy(more, it.data, i);
		more[i] = '\n';
		memcpy(more + i + 1, it.data + i, it.len - i);
		if (check(&it, more, it.len + 1, &body) == SEAL_GOOD)
			fail_msg("a newline at %zu", i);
	}
	memcpy(more, it.data, it.len);
	strcpy(more + it.len, "\n");
	assert_int_equal(check(&it, more, it.len + 1, &body), SEAL_NONE);
	strcpy(more + it.len, "{}\n");
	assert_int_equal(check(&it, more, it.len + 3, &body), SEAL_NONE);
	/* The whole signature is missing, or the end of it. */
	assert_int_equal(check(&it, it.data, it.text, &body), SEAL_NONE);
	assert_int_equal(body, it.text);
	assert_int_equal(check(&it, it.data, it.len - 1, &body), SEAL_BROKEN);
}

static void only_a_trusted_key_counts(void **state)
{
	struct sign_secret other = a_key("other");
	struct signed_text it;
	size_t body;

	(void)state;
	make_signed(&it, TEXT);
	it.trusted.count = 0;
	assert_int_equal(check(&it, it.data, it.len, &body), SEAL_STRANGER);
	assert_int_equal(body, it.text);
	it.trusted = (struct sign_trusted){ &other.key, 1 };
	assert_int_equal(check(&it, it.data, it.len, &body), SEAL_STRANGER);
	assert_non_null(strstr(why, it.secret.key.id));
	/* Another key that bears the same name. */
	strcpy(other.key.id, it.secret.key.id);
	assert_int_equal(check(&it, it.data, it.len, &body), SEAL_BROKEN);
}

/* ---- reading ---- */

static void a_file_that_is_too_large_is_not_read(void **state)
{
	char *data;
	size_t len;
	int fd, ends[2];

	(void)state;
	write_file("huge", "x", 1, 0600);
	assert_int_equal(truncate(dir_in("huge"), 1L << 40), 0);
	fd = open(dir_in("huge"), O_RDONLY);
	assert_int_equal(seal_read(fd, 1 << 30, &data, &len), -EFBIG);
	assert_null(data);
	close(fd);
	/* Of what has no size only as much as is needed to know. */
	fd = open("/dev/zero", O_RDONLY);
	assert_int_equal(seal_read(fd, 300000, &data, &len), -EFBIG);
	assert_null(data);
	close(fd);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "abcd", 4), 4);
	close(ends[1]);
	assert_int_equal(seal_read(ends[0], 4, &data, &len), 0);
	assert_int_equal(len, 4);
	assert_string_equal(data, "abcd");
	free(data);
	close(ends[0]);
	fd = open("/dev/null", O_RDONLY);
	assert_int_equal(seal_read(fd, 4, &data, &len), 0);
	assert_int_equal(len, 0);
	free(data);
	close(fd);
	fd = open(dir, O_RDONLY);
	assert_int_equal(seal_read(fd, 4096, &data, &len), -EISDIR);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_ed25519, begin, finish),
		cmocka_unit_test_setup_teardown(a_pair_is_made_once_and_read_again, begin, finish),
		cmocka_unit_test_setup_teardown(a_key_has_one_form, begin, finish),
		cmocka_unit_test_setup_teardown(rights_decide_what_a_key_is_worth, begin, finish),
		cmocka_unit_test_setup_teardown(one_bad_key_spoils_the_folder, begin, finish),
		cmocka_unit_test_setup_teardown(the_other_half_is_called_that, begin, finish),
		cmocka_unit_test_setup_teardown(what_was_signed_is_good, begin, finish),
		cmocka_unit_test_setup_teardown(no_byte_can_be_changed, begin, finish),
		cmocka_unit_test_setup_teardown(nothing_can_be_cut_or_added, begin, finish),
		cmocka_unit_test_setup_teardown(only_a_trusted_key_counts, begin, finish),
		cmocka_unit_test_setup_teardown(a_file_that_is_too_large_is_not_read, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
