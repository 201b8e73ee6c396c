// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ECS documents, field by field, and the raw JSON. With WXGUARD_SAMPLES
 * set, the documents are also written there, one per line, for tests/ecs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ecs.h"
#include "fields.h"
#include "json_out.h"
#include "names.h"
#include "raw_json.h"
#include "sample.h"
#include "wire.h"

#define REPLACED "\xef\xbf\xbd"
#define SHA "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static const struct ecs_context context = {
	.boot_id = "3f1c9a52-d0e1-4c0f-9b0c-5a7e6d2b8f10",
	.host_name = "web-03", .host_id = "8c1f3a9b7d5e4f2098ab6c5d4e3f2a1b",
	.architecture = "x86_64", .kernel = "6.1.0-56-amd64",
	.os_id = "debian", .os_family = "debian", .os_version = "12",
	.os_name = "Debian GNU/Linux", .version = "0.1.0",
	.created = UINT64_C(1768470067124101200), .lost_total = 4,
};

static struct finding *decode(const struct sample *sample)
{
	struct finding *finding = NULL;

	assert_int_equal(wire_decode_finding(sample_attrs(sample),
					     sample_len(sample), &finding), 0);
	return finding;
}

/* The value at a dotted path; "[n]" is not needed: "tags.0" is an element. */
static json_t *at(json_t *root, const char *path)
{
	char copy[128], *rest = copy, *part;

	snprintf(copy, sizeof(copy), "%s", path);
	while (root && (part = strsep(&rest, ".")))
		root = json_is_array(root) ? json_array_get(root, (size_t)atoi(part)) :
					     json_object_get(root, part);
	return root;
}

static void is(json_t *root, const char *path, const char *text)
{
	json_t *value = at(root, path);

	if (!json_is_string(value))
		fail_msg("%s is no string", path);
	if (strcmp(json_string_value(value), text))
		fail_msg("%s is \"%s\", not \"%s\"", path,
			 json_string_value(value), text);
}

static void number(json_t *root, const char *path, int64_t expected)
{
	json_t *value = at(root, path);

	if (!json_is_integer(value) || json_integer_value(value) != expected)
		fail_msg("%s is not %lld", path, (long long)expected);
}

static void absent(json_t *root, const char *path)
{
	if (at(root, path))
		fail_msg("%s is there", path);
}

static struct finding *rwx_finding(void)
{
	struct sample sample;
	struct finding *finding;

	sample_rwx(&sample);
	finding = decode(&sample);
	finding->extra.exe_sha256 = strdup(SHA);
	finding->extra.user_name = strdup("build");
	finding->extra.euser_name = strdup("root");
	finding->extra.group_name = strdup("users");
	finding->extra.login_name = strdup("build");
	finding->extra.container_id = strdup("f0c1");
	finding->extra.container_runtime = strdup("docker");
	return finding;
}

static void rwx(void **state)
{
	struct finding *finding = rwx_finding();
	json_t *doc = ecs_document(finding, &context);

	(void)state;
	assert_non_null(doc);
	is(doc, "@timestamp", "2026-01-15T09:41:07.123456789Z");
	is(doc, "message", "Unknown Execution of Binary with RWX Memory Region: /opt/acme/bin/agentd");
	is(doc, "ecs.version", "8.17.0");
	is(doc, "data_stream.dataset", "wxguard.finding");
	is(doc, "data_stream.namespace", "default");
	is(doc, "event.kind", "alert");
	is(doc, "event.category.0", "process");
	is(doc, "event.category.1", "intrusion_detection");
	is(doc, "event.outcome", "success");
	is(doc, "event.code", "rwx_new_executable");
	is(doc, "event.id", "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-00000000000001a7");
	is(doc, "event.created", "2026-01-15T09:41:07.124101200Z");
	is(doc, "event.reason", "mprotect by /opt/acme/bin/agentd on 4096 bytes: rw- -> rwx; the first of this executable within 7d");
	number(doc, "event.sequence", 423);
	number(doc, "event.severity", 47);
	assert_true(json_is_real(at(doc, "event.risk_score")));
	assert_true(json_real_value(at(doc, "event.risk_score")) == 47.0);
	assert_int_equal(json_array_size(at(doc, "event.type")), 2);
	is(doc, "log.level", "warning");
	number(doc, "log.syslog.severity.code", 4);
	is(doc, "host.os.type", "linux");
	is(doc, "host.boot.id", context.boot_id);
	number(doc, "process.pid", 48123);
	number(doc, "process.thread.id", 48124);
	number(doc, "process.vpid", 7);
	is(doc, "process.name", "agentd");
	is(doc, "process.executable", "/opt/acme/bin/agentd");
	is(doc, "process.args.2", "/tmp/p.so");
	number(doc, "process.args_count", 3);
	is(doc, "process.command_line", "/opt/acme/bin/agentd --plugin /tmp/p.so");
	/* 100 s before the finding. */
	is(doc, "process.start", "2026-01-15T09:39:27.123456789Z");
	is(doc, "process.hash.sha256", SHA);
	is(doc, "process.thread.capabilities.effective.0", "CAP_CHOWN");
	is(doc, "process.thread.capabilities.effective.1", "CAP_NET_ADMIN");
	is(doc, "process.thread.capabilities.permitted.2", "CAP_CHECKPOINT_RESTORE");
	number(doc, "process.parent.pid", 812);
	is(doc, "process.parent.executable", "/usr/lib/systemd/systemd");
	is(doc, "process.entity_id", "3f1c9a52-48123-d18c2e2800");
	is(doc, "user.id", "1001");
	is(doc, "user.name", "build");
	is(doc, "user.effective.id", "0");
	is(doc, "user.group.id", "100");
	is(doc, "container.id", "f0c1");
	is(doc, "container.runtime", "docker");
	is(doc, "related.hash.0", SHA);
	absent(doc, "file");
	absent(doc, "wxguard.exec");
	absent(doc, "wxguard.raw");
	json_decref(doc);
	finding_free(finding);
}

/* What the published query, and its sister in EQL, compare: strings. */
static void rwx_auditd(void **state)
{
	struct finding *finding = rwx_finding();
	json_t *doc = ecs_document(finding, &context);

	(void)state;
	is(doc, "auditd.message_type", "syscall");
	is(doc, "auditd.result", "success");
	is(doc, "auditd.session", "12");
	is(doc, "auditd.data.arch", "x86_64");
	is(doc, "auditd.data.syscall", "mprotect");
	is(doc, "auditd.data.a0", "7f3a5c000000");
	is(doc, "auditd.data.a1", "1000");
	is(doc, "auditd.data.a2", "7");
	is(doc, "auditd.data.a3", "0");
	is(doc, "auditd.data.exit", "0");
	is(doc, "auditd.user.audit.id", "1001");
	json_decref(doc);

	finding->syscall_args[2] = 0x1000007;
	finding->syscall_nr = 4000;
	finding->syscall_return = -13;
	finding->process.loginuid = UINT32_MAX;
	doc = ecs_document(finding, &context);
	is(doc, "auditd.data.a2", "1000007");
	is(doc, "auditd.data.syscall", "4000");
	is(doc, "auditd.data.exit", "EACCES");
	is(doc, "auditd.result", "fail");
	is(doc, "event.outcome", "failure");
	absent(doc, "auditd.user.audit.id");
	json_decref(doc);

	finding->has_return = false;
	doc = ecs_document(finding, &context);
	is(doc, "event.outcome", "unknown");
	absent(doc, "auditd.result");
	absent(doc, "auditd.data.exit");
	json_decref(doc);

	/* An address is no error. */
	finding->has_return = true;
	finding->syscall_return = -8192;
	doc = ecs_document(finding, &context);
	is(doc, "event.outcome", "success");
	json_decref(doc);
	finding_free(finding);
}

static void rwx_rule(void **state)
{
	struct finding *finding = rwx_finding();
	json_t *doc = ecs_document(finding, &context);

	(void)state;
	is(doc, "rule.id", "23bcd283-2bc0-4db2-81d4-273fc051e5c0");
	is(doc, "rule.uuid", "23bcd283-2bc0-4db2-81d4-273fc051e5c0");
	is(doc, "rule.name", "Unknown Execution of Binary with RWX Memory Region");
	is(doc, "threat.framework", "MITRE ATT&CK");
	is(doc, "threat.tactic.id.0", "TA0002");
	is(doc, "threat.tactic.reference.0", "https://attack.mitre.org/tactics/TA0002/");
	is(doc, "threat.technique.id.0", "T1059");
	is(doc, "threat.technique.reference.0", "https://attack.mitre.org/techniques/T1059/");
	is(doc, "threat.technique.subtechnique.id.0", "T1059.004");
	is(doc, "threat.technique.subtechnique.reference.0", "https://attack.mitre.org/techniques/T1059/004/");
	is(doc, "wxguard.rule.severity", "medium");
	is(doc, "wxguard.rule.references.1", "https://www.elastic.co/security-labs/linux-detection-engineering-with-auditd");
	is(doc, "wxguard.history.key", "process.executable");
	number(doc, "wxguard.history.window_seconds", 604800);
	assert_true(json_is_false(at(doc, "wxguard.history.known")));
	is(doc, "wxguard.memory.address", "0x7f3a5c000000");
	number(doc, "wxguard.memory.size", 4096);
	is(doc, "wxguard.memory.prot_before", "rw-");
	is(doc, "wxguard.memory.prot_after", "rwx");
	is(doc, "wxguard.memory.backing", "anonymous");
	number(doc, "wxguard.finding.number", 423);
	is(doc, "wxguard.finding.class", "rwx_mprotect");
	is(doc, "wxguard.finding.verdict", "logged");
	is(doc, "wxguard.finding.mode", "detect");
	is(doc, "wxguard.finding.flags.0", "written");
	number(doc, "wxguard.finding.rules_generation", 3);
	number(doc, "wxguard.stream.lost_total", 4);
	number(doc, "wxguard.process.ancestors.1.pid", 1);
	number(doc, "wxguard.process.namespace.pid", 4026531836);
	is(doc, "wxguard.process.executable_file.inode", "4242");
	absent(doc, "wxguard.rule.stix_id");
	json_decref(doc);
	finding_free(finding);
}

static void memfd(void **state)
{
	struct sample sample;
	struct finding *finding;
	json_t *doc;

	(void)state;
	sample_memfd(&sample, WXGUARD_VERDICT_LOGGED);
	finding = decode(&sample);
	finding->extra.exe_sha256 = strdup(SHA);
	doc = ecs_document(finding, &context);
	is(doc, "rule.id", "TRC-105");
	absent(doc, "rule.uuid");
	is(doc, "rule.version", "1");
	is(doc, "rule.category", "defense-evasion");
	is(doc, "event.code", "fileless_execution");
	number(doc, "event.severity", 73);
	is(doc, "event.outcome", "success");
	is(doc, "threat.tactic.id.0", "TA0005");
	is(doc, "threat.technique.id.0", "T1620");
	is(doc, "threat.technique.name.0", "Reflective Code Loading");
	absent(doc, "threat.technique.subtechnique");
	number(doc, "wxguard.rule.source_severity", 3);
	is(doc, "wxguard.rule.event_name", "fileless_execution");
	is(doc, "wxguard.rule.stix_id", "attack-pattern--4933e63b-9b77-476e-ab29-761bc5b7d15a");
	number(doc, "wxguard.rule.properties.Severity", 3);
	is(doc, "wxguard.rule.properties.Category", "defense-evasion");
	is(doc, "wxguard.rule.properties.Technique", "Reflective Code Loading");
	is(doc, "wxguard.rule.properties.Kubernetes_Technique", "N/A");
	is(doc, "wxguard.rule.properties.external_id", "T1620");
	is(doc, "wxguard.exec.origin", "memfd");
	is(doc, "wxguard.exec.filename", "/proc/self/fd/3");
	is(doc, "wxguard.exec.seals.3", "F_SEAL_WRITE");
	number(doc, "wxguard.exec.round", 0);
	assert_true(json_is_false(at(doc, "wxguard.exec.script")));
	is(doc, "auditd.data.syscall", "execveat");
	is(doc, "file.inode", "10245");
	is(doc, "file.device", "08:01");
	is(doc, "file.mode", "0777");
	is(doc, "file.uid", "33");
	is(doc, "file.type", "file");
	is(doc, "file.hash.sha256", SHA);
	absent(doc, "wxguard.memory");
	absent(doc, "wxguard.history");
	absent(doc, "user.name");
	absent(doc, "container");
	json_decref(doc);
	finding_free(finding);
}

/* The name of the memfd is the attacker's: escaped, quoted, and kept. */
static void hostile(void **state)
{
	struct sample sample;
	struct finding *finding;
	json_t *doc;
	char *line;
	size_t i;

	(void)state;
	sample_memfd(&sample, WXGUARD_VERDICT_LOGGED);
	finding = decode(&sample);
	doc = ecs_document(finding, &context);
	is(doc, "message", "Fileless execution detected: \"/memfd:ev\\x1b[31mil\\x0ana/me\\xff (deleted)\"");
	is(doc, "process.executable", "/memfd:ev\x1b[31mil\nna/me" REPLACED " (deleted)");
	is(doc, "wxguard.exec.memfd_name", "ev\x1b[31mil\nna/me" REPLACED);
	is(doc, "wxguard.raw.exec.memfd_name", "65761b5b33316d696c0a6e612f6d65ff");
	/* A memfd's name may hold a slash: it is all name. */
	is(doc, "file.name", "memfd:ev\x1b[31mil\nna/me" REPLACED);
	assert_non_null(at(doc, "wxguard.raw.process.executable"));
	assert_non_null(at(doc, "wxguard.raw.file.path"));
	line = json_line(doc, NULL);
	for (i = 0; line[i]; i++)
		assert_true((unsigned char)line[i] >= 0x20);
	free(line);
	json_decref(doc);
	finding_free(finding);
}

static void denied(void **state)
{
	struct sample sample;
	struct finding *finding;
	json_t *doc, *types;

	(void)state;
	sample_memfd(&sample, WXGUARD_VERDICT_DENIED);
	finding = decode(&sample);
	doc = ecs_document(finding, &context);
	types = at(doc, "event.type");
	assert_int_equal(json_array_size(types), 3);
	is(doc, "event.type.2", "denied");
	is(doc, "tags.2", "denied");
	is(doc, "event.outcome", "failure");
	is(doc, "auditd.data.exit", "EPERM");
	is(doc, "wxguard.finding.verdict", "denied");
	assert_non_null(strstr(json_string_value(at(doc, "message")),
			       " (denied)"));
	json_decref(doc);
	finding_free(finding);
}

static void foreign(void **state)
{
	struct finding *finding;
	struct sample sample;
	json_t *doc;

	(void)state;
	sample_foreign(&sample, 0);
	finding = decode(&sample);
	finding->extra.target_name = strdup("www-data");
	doc = ecs_document(finding, &context);
	is(doc, "message", "Write into the code of another process: /tmp/injector into /usr/sbin/victim[612]");
	is(doc, "event.reason", "pwrite64 by /tmp/injector into 16 bytes of the code of /usr/sbin/victim[612]; scope containers decided");
	is(doc, "rule.id", "WXG-108");
	is(doc, "wxguard.rule.severity", "high");
	number(doc, "event.severity", 73);
	number(doc, "process.pid", 48123);
	number(doc, "wxguard.target.pid", 612);
	is(doc, "wxguard.target.name", "vic" REPLACED "tim");
	is(doc, "wxguard.raw.target.name", "766963ff74696d");
	is(doc, "wxguard.target.executable", "/usr/sbin/victim");
	is(doc, "wxguard.target.uid", "33");
	is(doc, "wxguard.target.entity_id", "3f1c9a52-612-77359400");
	is(doc, "wxguard.target.start", "2026-01-15T09:24:29.123456789Z");
	assert_true(json_is_false(at(doc, "wxguard.target.self")));
	is(doc, "user.target.id", "33");
	is(doc, "user.target.name", "www-data");
	is(doc, "file.path", "/usr/sbin/victim");
	is(doc, "wxguard.scope.name", "containers");
	absent(doc, "wxguard.repeat");
	absent(doc, "wxguard.writer");
	absent(doc, "wxguard.tamper");
	json_decref(doc);

	/* Into itself, through /proc/self/mem. */
	finding->target.pid = finding->process.pid;
	doc = ecs_document(finding, &context);
	is(doc, "message", "Write into its own code: /tmp/injector");
	is(doc, "event.reason", "pwrite64 by /tmp/injector into 16 bytes of the code of itself; scope containers decided");
	assert_true(json_is_true(at(doc, "wxguard.target.self")));
	json_decref(doc);
	finding_free(finding);
}

/* What debuggers do all day: logged, of little weight. */
static void debugger(void **state)
{
	struct finding *finding;
	struct sample sample;
	json_t *doc;

	(void)state;
	sample_foreign(&sample, WXGUARD_FLAG_DEBUGGER);
	finding = decode(&sample);
	doc = ecs_document(finding, &context);
	is(doc, "wxguard.rule.severity", "low");
	number(doc, "event.severity", 21);
	assert_true(json_real_value(at(doc, "event.risk_score")) == 21.0);
	is(doc, "log.level", "info");
	is(doc, "event.reason", "pwrite64 by /tmp/injector into 16 bytes of the code of /usr/sbin/victim[612]; a debugger on its own child; scope containers decided");
	json_decref(doc);
	finding_free(finding);
}

static void repeat(void **state)
{
	struct finding *finding;
	struct sample sample;
	json_t *doc;

	(void)state;
	sample_foreign(&sample, WXGUARD_FLAG_REPEAT);
	finding = decode(&sample);
	finding->verdict = WXGUARD_VERDICT_DENIED;
	doc = ecs_document(finding, &context);
	is(doc, "message", "Write into the code of another process: /tmp/injector into /usr/sbin/victim[612]; 10 more since #430, the last at 2026-01-15T09:41:06Z (denied)");
	is(doc, "event.id", "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-00000000000001b5");
	number(doc, "wxguard.repeat.of", 430);
	is(doc, "wxguard.repeat.event_id", "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-00000000000001ae");
	number(doc, "wxguard.repeat.count", 10);
	is(doc, "wxguard.repeat.last", "2026-01-15T09:41:06.000000000Z");
	json_decref(doc);

	/* What is left of one that the heartbeat tells of. */
	finding->repeat_of = 0;
	finding->flags |= WXGUARD_FLAG_AGGREGATE;
	finding->process.start = 0;
	finding->process.has_capabilities = false;
	finding->process.pidns = finding->process.mntns = 0;
	doc = ecs_document(finding, &context);
	is(doc, "message", "Write into the code of another process: /tmp/injector into /usr/sbin/victim[612]; 10 more in several forms, the last at 2026-01-15T09:41:06Z (denied)");
	absent(doc, "wxguard.repeat.of");
	absent(doc, "process.start");
	absent(doc, "process.entity_id");
	absent(doc, "process.thread.capabilities");
	absent(doc, "wxguard.process.namespace");
	json_decref(doc);
	finding->has_syscall = finding->has_memory = false;
	doc = ecs_document(finding, &context);
	is(doc, "event.reason", "the same again by /tmp/injector; scope containers decided; 10 more in several forms, the last at 2026-01-15T09:41:06Z (denied)");
	json_decref(doc);
	doc = finding_json(finding);
	assert_true(json_is_null(at(doc, "process.start")));
	assert_true(json_is_null(at(doc, "process.pidns")));
	json_decref(doc);
	finding_free(finding);
}

static void dual(void **state)
{
	struct finding *finding;
	struct sample sample;
	json_t *doc;

	(void)state;
	sample_dual(&sample);
	finding = decode(&sample);
	doc = ecs_document(finding, &context);
	is(doc, "message", "Executable mapping of a memory file: \"/memfd:jit (deleted)\"");
	is(doc, "event.reason", "mmap by /opt/loader on 4096 bytes: new -> r-x; the same file is mapped writable by /opt/filler[613]");
	number(doc, "wxguard.writer.pid", 613);
	is(doc, "wxguard.finding.flags.0", "dual");
	absent(doc, "wxguard.target");
	absent(doc, "user.target");
	json_decref(doc);

	finding->writer.pid = finding->process.pid;
	finding->prot_effective = 3;
	finding->memory_size = 0;
	doc = ecs_document(finding, &context);
	absent(doc, "wxguard.memory.size");
	is(doc, "event.reason", "mmap by /opt/loader: new -> rw-; the same file is mapped executable by itself");
	json_decref(doc);
	finding_free(finding);
}

static void tamper(void **state)
{
	static const char *const messages[] = {
		[WXGUARD_TAMPER_EXEC] = "A program was started from memory, and no judge saw it",
		[WXGUARD_TAMPER_MPROTECT] = "Memory became writable and executable, and no judge saw it",
		[WXGUARD_TAMPER_CANARY] = "The sensor is blind: the kernel's probes do not answer any more",
		[WXGUARD_TAMPER_MISSED] = "The sensor missed calls: the kernel skipped a probe",
		[WXGUARD_TAMPER_UNLOAD] = "Somebody tried to unload the locked module",
		[WXGUARD_TAMPER_BUDGET] = "Enforcement ended: the budget of denials is spent, the mode is detect",
	};
	static const char *const reasons[] = {
		"none", "exec", "mprotect", "canary", "missed", "unload", "budget",
	};
	struct finding *finding;
	struct sample sample;
	json_t *doc;
	uint32_t i;

	(void)state;
	for (i = 1; i < __WXGUARD_TAMPER_MAX; i++) {
		sample_tamper(&sample, i);
		finding = decode(&sample);
		doc = ecs_document(finding, &context);
		is(doc, "message", messages[i]);
		is(doc, "event.reason", "the module itself says so; no process can be named");
		is(doc, "wxguard.tamper.reason", reasons[i]);
		is(doc, "event.category.0", "host");
		is(doc, "log.level", "critical");
		number(doc, "log.syslog.severity.code", 2);
		absent(doc, "process");
		absent(doc, "user");
		absent(doc, "wxguard.process");
		absent(doc, "auditd");
		json_decref(doc);
		finding_free(finding);
	}
	/* Somebody did it. */
	finding = rwx_finding();
	finding->class = WXGUARD_CLASS_SENSOR_TAMPER;
	finding->tamper = WXGUARD_TAMPER_UNLOAD;
	finding->has_memory = finding->has_window = false;
	doc = ecs_document(finding, &context);
	is(doc, "message", "Somebody tried to unload the locked module: /opt/acme/bin/agentd");
	is(doc, "event.category.0", "process");
	number(doc, "process.pid", 48123);
	json_decref(doc);
	finding_free(finding);
}

/* What each of the other classes adds to the bare operation. */
static void classes(void **state)
{
	static const struct {
		uint32_t class;
		bool exec;
		const char *reason;
		uint32_t flags;
	} rows[] = {
		{ WXGUARD_CLASS_EXEC_MEMORY, true,
		  "execveat by /bin/new, parent pid 48170; it only asked whether it may, and started nothing",
		  WXGUARD_FLAG_CHECKED },
		{ WXGUARD_CLASS_EXEC_UNLINKED, true,
		  "execveat by /bin/new, parent pid 48170; /tmp/x has no name in any folder", 0 },
		{ WXGUARD_CLASS_EXEC_ARG_MEMORY, true,
		  "execveat by /bin/new, parent pid 48170; /tmp/x is the memory file that it was given", 0 },
		{ WXGUARD_CLASS_EXEC_UNKNOWN, true,
		  "execveat by /bin/new, parent pid 48170; /tmp/x is not among the known executables", 0 },
		{ WXGUARD_CLASS_WX_TRANSITION, false,
		  "mprotect by /bin/new on 4096 bytes: rw- -> r-x; it had been written before; the first of this executable within 7d for this kind of memory", 0 },
		{ WXGUARD_CLASS_EXEC_STACK, false,
		  "mprotect by /bin/new on 4096 bytes: rw- -> r-x; it is the stack; the first of this executable within 7d", 0 },
	};
	static const struct bytes exe = { (const uint8_t *)"/bin/new", 8 };
	static const struct bytes path = { (const uint8_t *)"/tmp/x", 6 };
	struct finding *finding;
	struct sample sample;
	json_t *doc;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].exec)
			sample_memfd(&sample, WXGUARD_VERDICT_LOGGED);
		else
			sample_rwx(&sample);
		finding = decode(&sample);
		finding->class = rows[i].class;
		finding->flags |= rows[i].flags;
		finding->has_window |= rows[i].class == WXGUARD_CLASS_EXEC_UNKNOWN;
		finding->process.exe = exe;
		finding->exec_file.path = path;
		finding->prot_effective = 5;
		doc = ecs_document(finding, &context);
		is(doc, "event.reason", rows[i].reason);
		if (rows[i].class == WXGUARD_CLASS_EXEC_UNKNOWN)
			is(doc, "wxguard.history.key", "file.path");
		if (rows[i].class == WXGUARD_CLASS_WX_TRANSITION)
			is(doc, "wxguard.history.identity.4", "region");
		json_decref(doc);
		finding_free(finding);
	}
}

/* What the kernel did not say must not look like something it said. */
static void nothing_known(void **state)
{
	struct ecs_context empty = { .boot_id = "0" };
	struct finding *finding = calloc(1, sizeof(*finding));
	json_t *doc, *raw;

	(void)state;
	finding->class = 4711;
	finding->verdict = 99;
	finding->process.uid = UINT32_MAX;
	finding->process.euid = UINT32_MAX;
	finding->process.gid = UINT32_MAX;
	finding->process.loginuid = UINT32_MAX;
	finding->process.sessionid = UINT32_MAX;
	doc = ecs_document(finding, &empty);
	assert_non_null(doc);
	absent(doc, "user");
	absent(doc, "auditd");
	absent(doc, "process.executable");
	absent(doc, "process.parent");
	is(doc, "event.outcome", "unknown");
	is(doc, "wxguard.finding.class", "class 4711");
	is(doc, "rule.id", "WXG-100");
	json_decref(doc);
	raw = finding_json(finding);
	assert_true(json_is_null(at(raw, "process.exe")));
	assert_true(json_is_null(at(raw, "process.uid")));
	assert_true(json_is_null(at(raw, "memory")));
	assert_true(json_is_null(at(raw, "syscall")));
	json_decref(raw);
	finding_free(finding);
}

static void cut_arguments(void **state)
{
	struct finding *finding = rwx_finding();
	json_t *doc;

	(void)state;
	finding->flags |= WXGUARD_FLAG_ARGS_TRUNCATED;
	finding->process.args.len -= 3;
	doc = ecs_document(finding, &context);
	is(doc, "process.args.2", "/tmp/p.");
	is(doc, "process.command_line", "/opt/acme/bin/agentd --plugin /tmp/p.");
	absent(doc, "process.args_count");
	is(doc, "wxguard.finding.flags.0", "args_truncated");
	json_decref(doc);
	finding_free(finding);
}

static void loss(void **state)
{
	const struct finding_loss lost = { 100, 211 };
	json_t *doc = ecs_loss(&lost, &context);

	(void)state;
	is(doc, "event.kind", "event");
	is(doc, "event.code", "findings_lost");
	is(doc, "event.id", "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-0000000000000064-00000000000000d3");
	is(doc, "message", "Findings were lost: 112 findings, numbers 100 to 211, did not reach the daemon");
	number(doc, "wxguard.stream.lost_count", 112);
	number(doc, "wxguard.stream.lost_total", 4);
	absent(doc, "rule");
	absent(doc, "event.severity");
	json_decref(doc);
	doc = loss_json(&lost);
	number(doc, "lost.count", 112);
	json_decref(doc);
}

static void notices(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < ECS_NOTICE_MAX; i++) {
		json_t *doc = ecs_notice((enum ecs_notice)i, "a reason",
					 &context);

		is(doc, "event.kind", "event");
		is(doc, "event.reason", "a reason");
		is(doc, "event.code", ecs_notice_code((enum ecs_notice)i));
		is(doc, "@timestamp", "2026-01-15T09:41:07.124101200Z");
		absent(doc, "rule");
		json_decref(doc);
	}
	assert_null(ecs_notice(ECS_NOTICE_MAX, "x", &context));
}

static json_t *some_change(uint32_t index)
{
	json_t *before = json_pack("[s]", "action = log"), *after = json_pack("[s]", "action = deny");
	const struct ecs_change change = {
		.of = "class rwx_mprotect", .before = before, .after = after, .by = "alice",
		.generation_before = 3, .generation = 4, .more = 7, .index = index,
	};
	json_t *doc = ecs_change(ECS_NOTICE_RULES_CHANGED, "why", &change, &context);

	json_decref(before);
	json_decref(after);
	return doc;
}

static void change(void **state)
{
	const struct ecs_change empty = { .of = "mode" };
	json_t *doc = some_change(0), *second = some_change(1);

	(void)state;
	is(doc, "event.kind", "event");
	is(doc, "event.category.0", "configuration");
	is(doc, "event.type.0", "change");
	is(doc, "event.code", "rules_changed");
	is(doc, "wxguard.change.kind", "class");
	is(doc, "wxguard.change.of", "class rwx_mprotect");
	is(doc, "wxguard.change.before.0", "action = log");
	is(doc, "wxguard.change.after.0", "action = deny");
	is(doc, "wxguard.change.by", "alice");
	number(doc, "wxguard.change.generation_before", 3);
	number(doc, "wxguard.change.generation", 4);
	number(doc, "wxguard.change.more", 7);
	/* Of one moment, and yet two records. */
	assert_string_not_equal(json_string_value(json_at(doc, "event.id")),
				json_string_value(json_at(second, "event.id")));
	json_decref(doc);
	json_decref(second);
	doc = ecs_change(ECS_NOTICE_MODE_CHANGED, "why", &empty, &context);
	is(doc, "wxguard.change.kind", "mode");
	absent(doc, "wxguard.change.by");
	absent(doc, "wxguard.change.before");
	absent(doc, "wxguard.change.generation");
	json_decref(doc);
}

static void raw(void **state)
{
	static const char *const keys[] = {
		"seq", "class", "action", "verdict", "mode", "generation",
		"flags", "time", "time_real", "time_boot", "window", "process",
		"ancestors", "syscall", "memory", "exec", "repeat", "tamper",
		"target", "writer", "scope",
	};
	struct finding *finding = rwx_finding();
	json_t *json = finding_json(finding);
	struct sample sample;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!json_object_get(json, keys[i]))
			fail_msg("no key %s", keys[i]);
	number(json, "seq", 423);
	is(json, "class", "rwx_mprotect");
	is(json, "verdict", "logged");
	is(json, "process.exe", "/opt/acme/bin/agentd");
	is(json, "process.exe_file.ino", "4242");
	is(json, "process.exe_file.dev", "8:1");
	is(json, "process.exe_file.ctime", "1700000000.000000005");
	is(json, "process.args.1", "--plugin");
	is(json, "process.cap_permitted", "0x10000001001");
	number(json, "process.euid", 0);
	is(json, "ancestors.0.comm", "systemd");
	is(json, "syscall.name", "mprotect");
	is(json, "syscall.args.2", "0x7");
	number(json, "syscall.return", 0);
	is(json, "memory.prot_effective", "rwx");
	is(json, "memory.region", "anon");
	assert_true(json_is_null(at(json, "exec")));
	assert_true(json_is_null(at(json, "repeat")));
	assert_true(json_is_null(at(json, "target")));
	assert_true(json_is_null(at(json, "tamper")));
	assert_true(json_is_null(at(json, "scope")));
	json_decref(json);
	finding_free(finding);

	sample_memfd(&sample, WXGUARD_VERDICT_LOGGED);
	finding = decode(&sample);
	json = finding_json(finding);
	is(json, "exec.origin", "memfd");
	is(json, "exec.seals.0", "F_SEAL_SEAL");
	is(json, "exec.file.path", "/memfd:ev\x1b[31mil\nna/me" REPLACED " (deleted)");
	is(json, "raw.exec.name", "65761b5b33316d696c0a6e612f6d65ff");
	assert_true(json_is_null(at(json, "window")));
	json_decref(json);
	finding_free(finding);
}

static void raw_others(void **state)
{
	struct finding *finding;
	struct sample sample;
	json_t *json;

	(void)state;
	sample_foreign(&sample, WXGUARD_FLAG_REPEAT | WXGUARD_FLAG_AGGREGATE);
	finding = decode(&sample);
	json = finding_json(finding);
	is(json, "class", "foreign_write");
	is(json, "flags.0", "repeat");
	is(json, "flags.1", "aggregate");
	number(json, "repeat.of", 430);
	number(json, "repeat.count", 10);
	number(json, "repeat.last", 1768470066000000000);
	number(json, "target.pid", 612);
	number(json, "target.uid", 33);
	is(json, "target.exe", "/usr/sbin/victim");
	is(json, "target.comm", "vic" REPLACED "tim");
	is(json, "target.raw.comm", "766963ff74696d");
	assert_true(json_is_null(at(json, "writer")));
	is(json, "scope", "containers");
	json_decref(json);
	/* The first one has no number yet. */
	finding->repeat_of = 0;
	json = finding_json(finding);
	assert_true(json_is_null(at(json, "repeat.of")));
	number(json, "repeat.count", 10);
	json_decref(json);
	finding_free(finding);

	sample_dual(&sample);
	finding = decode(&sample);
	json = finding_json(finding);
	is(json, "flags.0", "dual");
	number(json, "writer.pid", 613);
	assert_true(json_is_null(at(json, "target")));
	json_decref(json);
	finding_free(finding);

	sample_tamper(&sample, WXGUARD_TAMPER_UNLOAD);
	finding = decode(&sample);
	json = finding_json(finding);
	is(json, "tamper", "unload");
	number(json, "process.pid", 0);
	assert_true(json_is_null(at(json, "process.uid")));
	json_decref(json);
	finding_free(finding);
}

static void raw_state(void **state)
{
	const struct client_known known = {
		.dev = 8 << 20 | 1, .ino = UINT64_MAX, .classes = 2,
		.ctime_sec = -1, .flags = 5, .path_len = 3, .path = "/a\xff",
	};
	struct client_exemption exemption = {
		.name = "one", .classes = 1 << WXGUARD_CLASS_EXEC_MEMORY,
		.exe = "/x\xff",
	};
	struct client_status status = {
		.version = "0.1.0", .hooks = 1, .confirm_left = 42,
		.confirm_mode = WXGUARD_MODE_LEARN, .locked = 1,
		.denied = 1, .budget_trips = 2, .self_clones = 3, .repeats = 4,
		.heartbeat = 5,
	};
	json_t *json = known_json(&known);

	(void)state;
	is(json, "path", "/a" REPLACED);
	is(json, "raw.path", "2f61ff");
	is(json, "ino", "18446744073709551615");
	is(json, "classes.0", "rwx_mprotect");
	is(json, "flags.1", "restored");
	json_decref(json);
	json = exemption_json(&exemption);
	is(json, "exe", "/x" REPLACED);
	is(json, "classes.0", "exec_memory");
	assert_true(json_is_null(at(json, "uid")));
	assert_true(json_is_null(at(json, "inode")));
	assert_true(json_is_null(at(json, "sha256")));
	json_decref(json);
	exemption.has_identity = exemption.has_sha256 = true;
	exemption.ino = 7;
	exemption.sha256[31] = 0xfe;
	json = exemption_json(&exemption);
	is(json, "inode", "0:7:0:0.000000000");
	is(json, "sha256", "00000000000000000000000000000000000000000000000000000000000000fe");
	json_decref(json);
	snprintf(status.hook[0].name, sizeof(status.hook[0].name), "x");
	json = status_json(&status);
	is(json, "mode", "off");
	number(json, "confirm_left", 42);
	is(json, "confirm_mode", "learn");
	assert_true(json_is_true(at(json, "locked")));
	number(json, "denied", 1);
	number(json, "budget_trips", 2);
	number(json, "self_clones", 3);
	number(json, "repeats", 4);
	number(json, "heartbeat", 5);
	is(json, "hooks.0.engine", "ftrace");
	json_decref(json);
	status.confirm_left = 0;
	json = status_json(&status);
	assert_true(json_is_null(at(json, "confirm_mode")));
	json_decref(json);
}

static void raw_rules(void **state)
{
	struct client_scope scopes[] = {
		{ .name = "a", .cgroup = "/x", .classes = 2, .action = 2 },
		{ .name = "b", .has_known = true, .known = 1, .hits = 9 },
	};
	struct client_rules rules = {
		.generation = 5, .scopes = 2, .scope = scopes, .classes = 2,
		.class = { { .id = WXGUARD_CLASS_RWX_MPROTECT, .repeat = 60 },
			   { .id = WXGUARD_CLASS_EXEC_MEMORY, .init = 1,
			     .self_clone = 1 } },
		.budget = 0, .budget_exe = 10,
	};
	struct client_known known = {
		.classes = 1 << WXGUARD_CLASS_WX_TRANSITION,
		.shape = WXGUARD_REGION_HEAP,
	};
	json_t *json = rules_json(&rules);

	(void)state;
	number(json, "generation", 5);
	number(json, "classes.0.repeat", 60);
	assert_true(json_is_null(at(json, "classes.0.self_clone")));
	is(json, "classes.0.init", "spare");
	is(json, "classes.1.self_clone", "exempt");
	is(json, "classes.1.init", "deny");
	number(json, "budget.per_minute", 0);
	number(json, "budget.per_executable", 10);
	is(json, "scopes.0.action", "deny");
	is(json, "scopes.0.classes.0", "rwx_mprotect");
	assert_true(json_is_null(at(json, "scopes.0.known")));
	is(json, "scopes.1.known", "exempt");
	number(json, "scopes.1.hits", 9);
	json_decref(json);
	json = known_json(&known);
	is(json, "shape", "heap");
	json_decref(json);
	known.classes = 2;
	json = known_json(&known);
	assert_true(json_is_null(at(json, "shape")));
	json_decref(json);
}

static void host(void **state)
{
	struct ecs_context here;
	char id[ECS_EVENT_ID_MAX], time[ECS_TIME_MAX];

	(void)state;
	assert_int_equal(ecs_context_load(&here), 0);
	assert_int_equal(strlen(here.boot_id), 36);
	assert_string_equal(here.version, WXGUARD_VERSION);
	assert_true(here.kernel[0] && here.architecture[0] && here.host_name[0]);
	ecs_event_id(&here, UINT64_MAX, id);
	assert_int_equal(strlen(id), 32 + 1 + 16);
	ecs_time(0, time);
	assert_string_equal(time, "1970-01-01T00:00:00.000000000Z");
	ecs_time(UINT64_MAX, time);
}

static void write_line(FILE *out, json_t *doc);

static void write_sample(FILE *out, const struct sample *sample)
{
	struct finding *finding = decode(sample);

	write_line(out, ecs_document(finding, &context));
	finding_free(finding);
}

/* One of each shape that only some classes have. */
static void write_special(FILE *out)
{
	struct finding *finding;
	struct sample sample;
	uint32_t i;

	sample_foreign(&sample, 0);
	finding = decode(&sample);
	finding->extra.target_name = strdup("www-data");
	finding->extra.exe_sha256_why = strdup("larger than hash_max_size");
	write_line(out, ecs_document(finding, &context));
	finding_free(finding);
	/* From memory, and no memfd. */
	sample_memfd(&sample, WXGUARD_VERDICT_LOGGED);
	finding = decode(&sample);
	finding->exec_origin = WXGUARD_ORIGIN_SHARED_ANON;
	write_line(out, ecs_document(finding, &context));
	finding_free(finding);
	sample_foreign(&sample, WXGUARD_FLAG_DEBUGGER);
	write_sample(out, &sample);
	sample_foreign(&sample, WXGUARD_FLAG_REPEAT | WXGUARD_FLAG_AGGREGATE);
	write_sample(out, &sample);
	sample_dual(&sample);
	write_sample(out, &sample);
	for (i = 1; i < __WXGUARD_TAMPER_MAX; i++) {
		sample_tamper(&sample, i);
		write_sample(out, &sample);
	}
	/* An mprotect to 7 that only a witness saw: no memory part. */
	finding = rwx_finding();
	finding->class = WXGUARD_CLASS_SENSOR_TAMPER;
	finding->tamper = WXGUARD_TAMPER_MPROTECT;
	finding->has_memory = finding->has_window = false;
	write_line(out, ecs_document(finding, &context));
	finding_free(finding);
	for (i = WXGUARD_CLASS_EXEC_UNLINKED; i <= WXGUARD_CLASS_EXEC_UNKNOWN; i++) {
		if (i != WXGUARD_CLASS_EXEC_UNLINKED &&
		    i != WXGUARD_CLASS_EXEC_ARG_MEMORY &&
		    i != WXGUARD_CLASS_EXEC_UNKNOWN)
			continue;
		sample_memfd(&sample, WXGUARD_VERDICT_DENIED);
		finding = decode(&sample);
		finding->class = i;
		write_line(out, ecs_document(finding, &context));
		finding_free(finding);
	}
}

static void write_line(FILE *out, json_t *doc)
{
	char *line = json_line(doc, NULL);

	assert_non_null(line);
	fields_check("", doc);
	fprintf(out, "%s\n", line);
	free(line);
	json_decref(doc);
}

/*
 * Every class and every notice once, all fields in them: tests/ecs reads them,
 * and none may have a field that the table does not have.
 */
static void samples(void **state)
{
	const char *path = getenv("WXGUARD_SAMPLES");
	const struct finding_loss lost = { 1, 2 };
	struct finding *finding;
	struct sample sample;
	FILE *out;
	int i;

	(void)state;
	out = path ? fopen(path, "w") : tmpfile();
	assert_non_null(out);
	finding = rwx_finding();
	for (i = 1; i <= WXGUARD_CLASS_MAX; i++) {
		finding->class = (uint32_t)i;
		if (i != WXGUARD_CLASS_EXEC_MEMORY)
			write_line(out, ecs_document(finding, &context));
	}
	finding_free(finding);
	for (i = 0; i < __WXGUARD_VERDICT_MAX; i++) {
		sample_memfd(&sample, (uint32_t)i);
		finding = decode(&sample);
		finding->extra.exe_sha256 = strdup(SHA);
		write_line(out, ecs_document(finding, &context));
		finding_free(finding);
	}
	write_special(out);
	write_line(out, ecs_loss(&lost, &context));
	for (i = 0; i < ECS_NOTICE_MAX; i++)
		write_line(out, ecs_notice((enum ecs_notice)i, "why", &context));
	write_line(out, some_change(0));
	assert_int_equal(fclose(out), 0);
	fields_check_all_seen();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rwx),
		cmocka_unit_test(rwx_auditd),
		cmocka_unit_test(rwx_rule),
		cmocka_unit_test(memfd),
		cmocka_unit_test(hostile),
		cmocka_unit_test(denied),
		cmocka_unit_test(foreign),
		cmocka_unit_test(debugger),
		cmocka_unit_test(repeat),
		cmocka_unit_test(dual),
		cmocka_unit_test(tamper),
		cmocka_unit_test(classes),
		cmocka_unit_test(nothing_known),
		cmocka_unit_test(cut_arguments),
		cmocka_unit_test(loss),
		cmocka_unit_test(notices),
		cmocka_unit_test(change),
		cmocka_unit_test(raw),
		cmocka_unit_test(raw_others),
		cmocka_unit_test(raw_state),
		cmocka_unit_test(raw_rules),
		cmocka_unit_test(host),
		cmocka_unit_test(samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
