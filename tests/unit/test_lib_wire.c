// SPDX-License-Identifier: GPL-2.0-or-later
/* The wire decoder: what it reads, and that no cut message can hurt it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "sample.h"
#include "wire.h"

static void same(struct bytes bytes, const char *text)
{
	assert_int_equal(bytes.len, strlen(text));
	assert_memory_equal(bytes.data, text, bytes.len);
}

static struct finding *decode(const struct sample *sample)
{
	struct finding *finding = NULL;

	assert_int_equal(wire_decode_finding(sample_attrs(sample),
					     sample_len(sample), &finding), 0);
	assert_non_null(finding);
	return finding;
}

static void finding_memory(void **state)
{
	struct sample sample;
	struct finding *finding;

	(void)state;
	sample_rwx(&sample);
	finding = decode(&sample);
	/* The bytes must not point into the message: it goes away. */
	memset(sample.room, 0xaa, sizeof(sample.room));

	assert_int_equal(finding->seq, 423);
	assert_int_equal(finding->class, WXGUARD_CLASS_RWX_MPROTECT);
	assert_int_equal(finding->mode, WXGUARD_MODE_DETECT);
	assert_int_equal(finding->generation, 3);
	assert_int_equal(finding->time_real, UINT64_C(1768470067123456789));
	assert_true(finding->has_window);
	assert_int_equal(finding->window, 604800);
	assert_int_equal(finding->process.pid, 48123);
	assert_int_equal(finding->process.tid, 48124);
	assert_int_equal(finding->process.uid, 1001);
	assert_int_equal(finding->process.euid, 0);
	assert_int_equal(finding->process.cap_permitted >> 40, 1);
	same(finding->process.comm, "agentd");
	same(finding->process.exe, "/opt/acme/bin/agentd");
	assert_true(finding->process.exe_file.present);
	assert_int_equal(finding->process.exe_file.ino, 4242);
	assert_int_equal(finding->process.exe_file.ctime_sec, 1700000000);
	assert_int_equal(finding->process.args.len, 40);
	assert_int_equal(finding->ancestors, 2);
	assert_int_equal(finding->ancestor[0].pid, 812);
	assert_int_equal(finding->ancestor[0].uid, UINT32_MAX);
	assert_true(finding->has_syscall);
	assert_int_equal(finding->syscall_args[2], 7);
	assert_true(finding->has_return);
	assert_int_equal(finding->syscall_return, 0);
	assert_true(finding->has_memory);
	assert_true(finding->has_before);
	assert_int_equal(finding->memory_address, 0x7f3a5c000000);
	assert_false(finding->has_exec);
	assert_false(finding->memory_file.present);
	finding_free(finding);
}

static void finding_exec(void **state)
{
	struct sample sample;
	struct finding *finding;

	(void)state;
	sample_memfd(&sample, WXGUARD_VERDICT_DENIED);
	finding = decode(&sample);
	assert_true(finding->has_exec);
	assert_false(finding->has_memory);
	assert_false(finding->has_window);
	assert_true(finding->has_seals);
	assert_int_equal(finding->exec_seals, 0xf);
	assert_int_equal(finding->exec_origin, WXGUARD_ORIGIN_MEMFD);
	assert_int_equal(finding->syscall_return, -1);
	same(finding->exec_name, "ev\x1b[31mil\nna/me\xff");
	finding_free(finding);
}

static void finding_others(void **state)
{
	struct sample sample;
	struct finding *finding;

	(void)state;
	sample_foreign(&sample, WXGUARD_FLAG_REPEAT);
	finding = decode(&sample);
	assert_true(finding_is_repeat(finding));
	assert_int_equal(finding->repeat_of, 430);
	assert_int_equal(finding->repeat_count, 10);
	assert_int_equal(finding->repeat_last, UINT64_C(1768470066000000000));
	assert_true(finding->has_target);
	assert_false(finding->has_writer);
	assert_int_equal(finding->target.pid, 612);
	assert_int_equal(finding->target.uid, 33);
	assert_int_equal(finding->target.start, 2000000000);
	assert_int_equal(finding->target.euid, UINT32_MAX);
	same(finding->target.comm, "vic\xfftim");
	same(finding->target.exe, "/usr/sbin/victim");
	assert_string_equal(finding->scope, "containers");
	assert_int_equal(finding->tamper, WXGUARD_TAMPER_UNSPEC);
	finding_free(finding);

	sample_dual(&sample);
	finding = decode(&sample);
	assert_false(finding_is_repeat(finding));
	assert_false(finding->has_target);
	assert_true(finding->has_writer);
	assert_int_equal(finding->writer.pid, 613);
	same(finding->writer.exe, "/opt/filler");
	assert_string_equal(finding->scope, "");
	finding_free(finding);
}

static void finding_tamper(void **state)
{
	struct sample sample;
	struct finding *finding;

	(void)state;
	sample_tamper(&sample, WXGUARD_TAMPER_CANARY);
	finding = decode(&sample);
	assert_int_equal(finding->tamper, WXGUARD_TAMPER_CANARY);
	assert_int_equal(finding->process.pid, 0);
	assert_int_equal(finding->process.uid, UINT32_MAX);
	assert_null(finding->process.comm.data);
	assert_false(finding->has_syscall);
	finding_free(finding);
}

/*
 * Each length, in memory that ends right there, so that ASan sees one byte
 * too far; and at each alignment.
 */
static void cut(const struct sample *sample,
		int (*decoder)(const void *attrs, size_t len))
{
	size_t len, shift;

	for (len = 0; len <= sample_len(sample); len++) {
		for (shift = 0; shift < 4; shift++) {
			char *copy = malloc(len + shift + !(len + shift));

			assert_non_null(copy);
			memcpy(copy + shift, sample_attrs(sample), len);
			decoder(copy + shift, len);
			free(copy);
		}
	}
}

static int any_finding(const void *attrs, size_t len)
{
	struct finding *finding;
	int error = wire_decode_finding(attrs, len, &finding);

	if (!error)
		finding_free(finding);
	return error;
}

static void finding_cut(void **state)
{
	struct sample sample;

	(void)state;
	sample_rwx(&sample);
	cut(&sample, any_finding);
	assert_int_equal(any_finding(sample_attrs(&sample),
				     sample_len(&sample) - 4), -EBADMSG);
	sample_memfd(&sample, WXGUARD_VERDICT_LOGGED);
	cut(&sample, any_finding);
	sample_foreign(&sample, WXGUARD_FLAG_REPEAT);
	cut(&sample, any_finding);
}

/* Every byte of the message wrong in turn: lengths, types, anything. */
static void finding_damaged(void **state)
{
	static const unsigned char values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct sample sample;
	size_t at, i, len;
	unsigned char *copy;

	(void)state;
	sample_rwx(&sample);
	len = sample_len(&sample);
	copy = malloc(len);
	assert_non_null(copy);
	for (at = 0; at < len; at++) {
		for (i = 0; i < sizeof(values); i++) {
			memcpy(copy, sample_attrs(&sample), len);
			copy[at] = values[i];
			any_finding(copy, len);
		}
	}
	free(copy);
}

/* Whole but for this attribute, which has so many bytes. */
static int finding_with(uint16_t type, size_t len)
{
	static const char zeros[64];
	const struct sample_process process = {
		.comm = "a", .exe = "/a", .args = "", .cgroup = "/",
	};
	struct nlattr *nest;
	struct sample sample;

	sample_begin(&sample);
	nest = mnl_attr_nest_start(sample.head, WXGUARD_A_FINDING);
	mnl_attr_put_u64(sample.head, WXGUARD_FINDING_SEQ, 1);
	if (type != WXGUARD_FINDING_CLASS)
		mnl_attr_put_u32(sample.head, WXGUARD_FINDING_CLASS, 1);
	mnl_attr_put(sample.head, type, len, zeros);
	sample_process(&sample, &process);
	mnl_attr_nest_end(sample.head, nest);
	return any_finding(sample_attrs(&sample), sample_len(&sample));
}

static void wrong_lengths(void **state)
{
	(void)state;
	assert_int_equal(finding_with(WXGUARD_FINDING_FLAGS, 4), 0);
	assert_int_equal(finding_with(WXGUARD_FINDING_FLAGS, 8), -EBADMSG);
	assert_int_equal(finding_with(WXGUARD_FINDING_CLASS, 8), -EBADMSG);
	assert_int_equal(finding_with(WXGUARD_FINDING_CLASS, 3), -EBADMSG);
	assert_int_equal(finding_with(WXGUARD_FINDING_TIME_REAL, 8), 0);
	assert_int_equal(finding_with(WXGUARD_FINDING_TIME_REAL, 4), -EBADMSG);
	assert_int_equal(finding_with(WXGUARD_FINDING_TIME_REAL, 9), -EBADMSG);
	assert_int_equal(finding_with(WXGUARD_FINDING_REPEAT_OF, 4), -EBADMSG);
	assert_int_equal(finding_with(WXGUARD_FINDING_TAMPER, 8), -EBADMSG);
	assert_int_equal(finding_with(WXGUARD_FINDING_TARGET, 3), -EBADMSG);
	assert_int_equal(any_finding("", 0), -EBADMSG);
}

static void too_many_ancestors(void **state)
{
	const struct sample_process process = {
		.comm = "a", .exe = "/a", .args = "", .cgroup = "/",
	};
	struct nlattr *nest;
	struct sample sample;
	int i;

	(void)state;
	sample_begin(&sample);
	nest = sample_finding(&sample, 1, 1, 0);
	sample_process(&sample, &process);
	for (i = 0; i < WXGUARD_ANCESTORS_MAX; i++)
		sample_ancestor(&sample, 10, "x", "/x");
	mnl_attr_nest_end(sample.head, nest);
	assert_int_equal(any_finding(sample_attrs(&sample),
				     sample_len(&sample)), 0);
	sample_begin(&sample);
	nest = sample_finding(&sample, 1, 1, 0);
	sample_process(&sample, &process);
	for (i = 0; i <= WXGUARD_ANCESTORS_MAX; i++)
		sample_ancestor(&sample, 10, "x", "/x");
	mnl_attr_nest_end(sample.head, nest);
	assert_int_equal(any_finding(sample_attrs(&sample),
				     sample_len(&sample)), -EBADMSG);
}

/* An attribute that we do not know, from a newer module, is skipped. */
static void unknown_attribute(void **state)
{
	struct sample sample;
	struct finding *finding;

	(void)state;
	sample_rwx(&sample);
	mnl_attr_put(sample.head, 200, 3, "abc");
	finding = decode(&sample);
	assert_int_equal(finding->seq, 423);
	finding_free(finding);
}

static void put_loss(struct sample *sample, uint64_t first, uint64_t last)
{
	struct nlattr *nest;

	sample_begin(sample);
	nest = mnl_attr_nest_start(sample->head, WXGUARD_A_LOSS);
	mnl_attr_put_u64(sample->head, WXGUARD_LOSS_FIRST, first);
	mnl_attr_put_u64(sample->head, WXGUARD_LOSS_LAST, last);
	mnl_attr_nest_end(sample->head, nest);
}

static int any_loss(const void *attrs, size_t len)
{
	struct finding_loss loss;

	return wire_decode_loss(attrs, len, &loss);
}

static void losses(void **state)
{
	struct finding_loss loss = { 1, 1 };
	struct sample sample;

	(void)state;
	put_loss(&sample, 5, 9);
	assert_int_equal(wire_decode_loss(sample_attrs(&sample),
					  sample_len(&sample), &loss), 0);
	assert_int_equal(loss.first, 5);
	assert_int_equal(loss.last, 9);
	cut(&sample, any_loss);
	put_loss(&sample, 9, 5);
	assert_int_equal(wire_decode_loss(sample_attrs(&sample),
					  sample_len(&sample), &loss),
			 -EBADMSG);
	/* On an error the result is left as it was. */
	assert_int_equal(loss.first, 5);
}

static void put_hook(struct sample *sample, const char *name)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head, WXGUARD_A_HOOK);

	mnl_attr_put_strz(sample->head, WXGUARD_HOOK_A_NAME, name);
	mnl_attr_put_u32(sample->head, WXGUARD_HOOK_A_STATE,
			 WXGUARD_HOOK_PROVED);
	mnl_attr_put_u64(sample->head, WXGUARD_HOOK_A_HITS, 12);
	mnl_attr_nest_end(sample->head, nest);
}

static void put_status(struct sample *sample, const char *version, int hooks)
{
	struct nlattr *nest;
	int i;

	sample_begin(sample);
	nest = mnl_attr_nest_start(sample->head, WXGUARD_A_STATUS);
	mnl_attr_put_strz(sample->head, WXGUARD_STATUS_VERSION, version);
	mnl_attr_put_u32(sample->head, WXGUARD_STATUS_MODE, WXGUARD_MODE_LEARN);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_SEQ, UINT64_MAX);
	mnl_attr_put_u32(sample->head, WXGUARD_STATUS_CANARY, 1);
	mnl_attr_put_u32(sample->head, WXGUARD_STATUS_CONFIRM_LEFT, 42);
	mnl_attr_put_u32(sample->head, WXGUARD_STATUS_LOCKED, 1);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_DENIED, 1001);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_BUDGET_TRIPS, 1002);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_SELF_CLONES, 1003);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_REPEATS, 1004);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_HEARTBEAT, 1005);
	mnl_attr_put_u32(sample->head, WXGUARD_STATUS_CONFIRM_MODE, WXGUARD_MODE_DETECT);
	mnl_attr_put_u32(sample->head, WXGUARD_STATUS_EVIDENCE_COUNT, 1006);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_EVIDENCE_BYTES, 1007);
	mnl_attr_put_u64(sample->head, WXGUARD_STATUS_EVIDENCE_MISSED, 1008);
	mnl_attr_nest_end(sample->head, nest);
	for (i = 0; i < hooks; i++)
		put_hook(sample, "security_bprm_check");
}

static int any_status(const void *attrs, size_t len)
{
	struct client_status status;

	return wire_decode_status(attrs, len, &status);
}

static void statuses(void **state)
{
	struct client_status status;
	struct sample sample;

	(void)state;
	put_status(&sample, "0.1.0", 2);
	assert_int_equal(wire_decode_status(sample_attrs(&sample),
					    sample_len(&sample), &status), 0);
	assert_string_equal(status.version, "0.1.0");
	assert_int_equal(status.mode, WXGUARD_MODE_LEARN);
	assert_true(status.seq == UINT64_MAX);
	assert_int_equal(status.confirm_left, 42);
	assert_int_equal(status.confirm_mode, WXGUARD_MODE_DETECT);
	assert_int_equal(status.locked, 1);
	assert_int_equal(status.denied, 1001);
	assert_int_equal(status.budget_trips, 1002);
	assert_int_equal(status.self_clones, 1003);
	assert_int_equal(status.repeats, 1004);
	assert_int_equal(status.heartbeat, 1005);
	assert_int_equal(status.evidence_count, 1006);
	assert_int_equal(status.evidence_bytes, 1007);
	assert_int_equal(status.evidence_missed, 1008);
	assert_int_equal(status.hooks, 2);
	assert_string_equal(status.hook[1].name, "security_bprm_check");
	assert_int_equal(status.hook[1].hits, 12);
	cut(&sample, any_status);
	put_status(&sample, "0.1.0", CLIENT_HOOKS_MAX);
	assert_int_equal(any_status(sample_attrs(&sample), sample_len(&sample)),
			 0);
	put_status(&sample, "0.1.0", CLIENT_HOOKS_MAX + 1);
	assert_int_equal(any_status(sample_attrs(&sample), sample_len(&sample)),
			 -EBADMSG);
	put_status(&sample, "a version that is far too long for its field", 0);
	assert_int_equal(any_status(sample_attrs(&sample), sample_len(&sample)),
			 -EBADMSG);
	/* Its end needs a byte of the field, too. */
	put_status(&sample, "0123456789012345678901234567890", 0);
	assert_int_equal(any_status(sample_attrs(&sample), sample_len(&sample)),
			 0);
	put_status(&sample, "01234567890123456789012345678901", 0);
	assert_int_equal(any_status(sample_attrs(&sample), sample_len(&sample)),
			 -EBADMSG);
}

static int any_known(const void *attrs, size_t len)
{
	struct client_known known;

	return wire_decode_known(attrs, len, &known);
}

static void put_known(struct sample *sample, size_t path_len)
{
	static char path[512];
	struct nlattr *nest;

	memset(path, '/', sizeof(path));
	sample_begin(sample);
	nest = mnl_attr_nest_start(sample->head, WXGUARD_A_KNOWN);
	mnl_attr_put_u32(sample->head, WXGUARD_KNOWN_DEV, 1);
	mnl_attr_put_u64(sample->head, WXGUARD_KNOWN_INO, 2);
	mnl_attr_put_u64(sample->head, WXGUARD_KNOWN_CTIME_SEC, (uint64_t)-3);
	mnl_attr_put(sample->head, WXGUARD_KNOWN_PATH, path_len, path);
	mnl_attr_put_u32(sample->head, WXGUARD_KNOWN_CLASSES, 2);
	mnl_attr_put_u32(sample->head, WXGUARD_KNOWN_SHAPE, 4);
	mnl_attr_nest_end(sample->head, nest);
}

static void knowns(void **state)
{
	struct client_known known;
	struct sample sample;

	(void)state;
	put_known(&sample, WXGUARD_KNOWN_PATH_MAX);
	assert_int_equal(wire_decode_known(sample_attrs(&sample),
					   sample_len(&sample), &known), 0);
	assert_int_equal(known.ino, 2);
	assert_true(known.ctime_sec == -3);
	assert_int_equal(known.path_len, WXGUARD_KNOWN_PATH_MAX);
	assert_int_equal(known.shape, 4);
	cut(&sample, any_known);
	put_known(&sample, WXGUARD_KNOWN_PATH_MAX + 1);
	assert_int_equal(any_known(sample_attrs(&sample), sample_len(&sample)),
			 -EBADMSG);
}

static const uint8_t digest[WXGUARD_SHA256_LEN] = { 1, 2, [31] = 0xff };

/* @identity: how many of its five attributes are there. */
static void put_identity(struct sample *sample, int identity)
{
	if (identity > 0)
		mnl_attr_put_u32(sample->head, WXGUARD_EXEMPTION_DEV, 11);
	if (identity > 1)
		mnl_attr_put_u64(sample->head, WXGUARD_EXEMPTION_INO,
				 UINT64_MAX);
	if (identity > 2)
		mnl_attr_put_u32(sample->head, WXGUARD_EXEMPTION_GENERATION,
				 13);
	if (identity > 3)
		mnl_attr_put_u64(sample->head, WXGUARD_EXEMPTION_CTIME_SEC,
				 (uint64_t)-14);
	if (identity > 4)
		mnl_attr_put_u32(sample->head, WXGUARD_EXEMPTION_CTIME_NSEC,
				 15);
}

static void put_exemption(struct sample *sample, const char *name, int identity)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head,
						  WXGUARD_A_EXEMPTION);

	mnl_attr_put_strz(sample->head, WXGUARD_EXEMPTION_NAME, name);
	mnl_attr_put_u32(sample->head, WXGUARD_EXEMPTION_CLASSES, 2);
	mnl_attr_put_strz(sample->head, WXGUARD_EXEMPTION_EXE, "/usr/bin/x");
	mnl_attr_put_u32(sample->head, WXGUARD_EXEMPTION_UID, 0);
	mnl_attr_put(sample->head, WXGUARD_EXEMPTION_UNSAFE, 0, "");
	mnl_attr_put_strz(sample->head, WXGUARD_EXEMPTION_REASON, "because");
	put_identity(sample, identity);
	if (identity)
		mnl_attr_put(sample->head, WXGUARD_EXEMPTION_SHA256,
			     sizeof(digest), digest);
	mnl_attr_nest_end(sample->head, nest);
}

/* @known: 2 = not there. */
static void put_scope(struct sample *sample, const char *name, uint32_t known)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head,
						  WXGUARD_A_SCOPE);

	if (name)
		mnl_attr_put_strz(sample->head, WXGUARD_SCOPE_NAME, name);
	mnl_attr_put_strz(sample->head, WXGUARD_SCOPE_CGROUP, "/a/**");
	mnl_attr_put_u32(sample->head, WXGUARD_SCOPE_CLASSES, 6);
	mnl_attr_put_u32(sample->head, WXGUARD_SCOPE_ACTION, 3);
	if (known < 2)
		mnl_attr_put_u32(sample->head, WXGUARD_SCOPE_KNOWN, known);
	mnl_attr_put_u64(sample->head, WXGUARD_SCOPE_HITS, 77);
	mnl_attr_nest_end(sample->head, nest);
}

static void put_budget(struct sample *sample, bool whole)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head,
						  WXGUARD_A_BUDGET);

	mnl_attr_put_u32(sample->head, WXGUARD_BUDGET_PER_MINUTE, 0);
	if (whole)
		mnl_attr_put_u32(sample->head, WXGUARD_BUDGET_PER_EXE, 5);
	mnl_attr_nest_end(sample->head, nest);
}

static void begin_rules(struct sample *sample)
{
	sample_begin(sample);
	mnl_attr_put_u32(sample->head, WXGUARD_A_GENERATION, 9);
}

static void put_rules(struct sample *sample)
{
	struct nlattr *nest;

	begin_rules(sample);
	nest = mnl_attr_nest_start(sample->head, WXGUARD_A_CLASS);
	mnl_attr_put_u32(sample->head, WXGUARD_CLASS_A_ID, 1);
	mnl_attr_put_u32(sample->head, WXGUARD_CLASS_A_WINDOW, 60);
	mnl_attr_put_u32(sample->head, WXGUARD_CLASS_A_REPEAT, 61);
	mnl_attr_put_u32(sample->head, WXGUARD_CLASS_A_SELF_CLONE, 1);
	mnl_attr_put_u32(sample->head, WXGUARD_CLASS_A_INIT, 1);
	mnl_attr_nest_end(sample->head, nest);
	put_budget(sample, true);
	put_scope(sample, "wide", 2);
	put_scope(sample, "narrow", 0);
	put_exemption(sample, "one", 0);
	put_exemption(sample, "two", 0);
	put_exemption(sample, "three", 5);
}

static int any_rules(const void *attrs, size_t len)
{
	struct client_rules rules = { 0 };
	int error = wire_decode_rules(attrs, len, &rules);

	client_rules_free(&rules);
	return error;
}

static void rules(void **state)
{
	struct client_rules rules = { 0 };
	struct sample sample;
	int i;

	(void)state;
	put_rules(&sample);
	/* A dump comes in several messages: they add up. */
	for (i = 0; i < 3; i++)
		assert_int_equal(wire_decode_rules(sample_attrs(&sample),
						   sample_len(&sample),
						   &rules), 0);
	assert_int_equal(rules.generation, 9);
	assert_int_equal(rules.classes, 3);
	assert_int_equal(rules.class[0].window, 60);
	assert_int_equal(rules.count, 9);
	assert_string_equal(rules.exemption[8].name, "three");
	assert_string_equal(rules.exemption[8].exe, "/usr/bin/x");
	assert_true(rules.exemption[8].has_uid);
	assert_true(rules.exemption[8].unsafe);
	assert_int_equal(rules.exemption[8].expires, 0);
	assert_int_equal(rules.class[2].repeat, 61);
	assert_int_equal(rules.class[2].self_clone, 1);
	assert_int_equal(rules.class[2].init, 1);
	assert_int_equal(rules.budget, 0);
	assert_int_equal(rules.budget_exe, 5);
	client_rules_free(&rules);
	assert_int_equal(rules.count, 0);
	assert_int_equal(rules.scopes, 0);
	cut(&sample, any_rules);
}

static void identities_and_scopes(void **state)
{
	struct client_rules rules = { 0 };
	const struct client_exemption *one;
	struct sample sample;

	(void)state;
	put_rules(&sample);
	assert_int_equal(wire_decode_rules(sample_attrs(&sample),
					   sample_len(&sample), &rules), 0);
	one = &rules.exemption[2];
	assert_true(one->has_identity && one->has_sha256 && !one->has_fd);
	assert_int_equal(one->dev, 11);
	assert_true(one->ino == UINT64_MAX);
	assert_int_equal(one->generation, 13);
	assert_int_equal(one->ctime_sec, -14);
	assert_int_equal(one->ctime_nsec, 15);
	assert_memory_equal(one->sha256, digest, sizeof(digest));
	assert_false(rules.exemption[1].has_identity);
	assert_false(rules.exemption[1].has_sha256);
	assert_int_equal(rules.scopes, 2);
	assert_string_equal(rules.scope[0].name, "wide");
	assert_false(rules.scope[0].has_known);
	assert_string_equal(rules.scope[1].cgroup, "/a/**");
	assert_int_equal(rules.scope[1].classes, 6);
	assert_int_equal(rules.scope[1].action, 3);
	assert_true(rules.scope[1].has_known);
	assert_int_equal(rules.scope[1].known, 0);
	assert_int_equal(rules.scope[1].hits, 77);
	client_rules_free(&rules);
}

static int rules_with(struct sample *sample)
{
	return any_rules(sample_attrs(sample), sample_len(sample));
}

/* Half of something would be taken for another thing. */
static void half_rules(void **state)
{
	struct sample sample;
	struct nlattr *nest;
	int i;

	(void)state;
	for (i = 1; i < 5; i++) {
		begin_rules(&sample);
		put_exemption(&sample, "half", i);
		assert_int_equal(rules_with(&sample), -EBADMSG);
	}
	begin_rules(&sample);
	put_scope(&sample, NULL, 0);
	assert_int_equal(rules_with(&sample), -EBADMSG);
	begin_rules(&sample);
	put_budget(&sample, false);
	assert_int_equal(rules_with(&sample), -EBADMSG);
	begin_rules(&sample);
	nest = mnl_attr_nest_start(sample.head, WXGUARD_A_EXEMPTION);
	mnl_attr_put_strz(sample.head, WXGUARD_EXEMPTION_NAME, "a");
	mnl_attr_put_u32(sample.head, WXGUARD_EXEMPTION_CLASSES, 2);
	mnl_attr_put(sample.head, WXGUARD_EXEMPTION_SHA256, 31, digest);
	mnl_attr_nest_end(sample.head, nest);
	assert_int_equal(rules_with(&sample), -EBADMSG);
}

static void too_many_scopes(void **state)
{
	struct sample sample;
	int i;

	(void)state;
	begin_rules(&sample);
	for (i = 0; i < WXGUARD_SCOPES_MAX; i++)
		put_scope(&sample, "s", 1);
	assert_int_equal(rules_with(&sample), 0);
	put_scope(&sample, "s", 1);
	assert_int_equal(rules_with(&sample), -EBADMSG);
}

static void small_messages(void **state)
{
	uint32_t mode = 77;
	uint64_t seq = 0;
	struct sample sample;

	(void)state;
	sample_begin(&sample);
	mnl_attr_put_u64(sample.head, WXGUARD_A_SEQ, UINT64_C(1) << 40);
	assert_int_equal(wire_decode_seq(sample_attrs(&sample),
					 sample_len(&sample), &seq), 0);
	assert_true(seq == UINT64_C(1) << 40);
	assert_int_equal(wire_decode_mode(sample_attrs(&sample),
					  sample_len(&sample), &mode),
			 -EBADMSG);
	assert_int_equal(mode, 77);
	sample_begin(&sample);
	mnl_attr_put_u32(sample.head, WXGUARD_A_MODE, 3);
	mnl_attr_put_u32(sample.head, WXGUARD_A_GENERATION, 4);
	assert_int_equal(wire_decode_mode(sample_attrs(&sample),
					  sample_len(&sample), &mode), 0);
	assert_int_equal(mode, 3);
	assert_int_equal(wire_decode_generation(sample_attrs(&sample),
						sample_len(&sample), &mode), 0);
	assert_int_equal(mode, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finding_memory),
		cmocka_unit_test(finding_exec),
		cmocka_unit_test(finding_others),
		cmocka_unit_test(finding_tamper),
		cmocka_unit_test(finding_cut),
		cmocka_unit_test(finding_damaged),
		cmocka_unit_test(wrong_lengths),
		cmocka_unit_test(too_many_ancestors),
		cmocka_unit_test(unknown_attribute),
		cmocka_unit_test(losses),
		cmocka_unit_test(statuses),
		cmocka_unit_test(knowns),
		cmocka_unit_test(rules),
		cmocka_unit_test(identities_and_scopes),
		cmocka_unit_test(half_rules),
		cmocka_unit_test(too_many_scopes),
		cmocka_unit_test(small_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
