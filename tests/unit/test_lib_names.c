// SPDX-License-Identifier: GPL-2.0-or-later
/* Containers from cgroup paths, ids to names, the tables of the ABI. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/audit.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "names.h"
#include "rule_table.h"
#include "text.h"
#include "../../module/core/class.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ID "f0c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e0f"
#define ID2 "00c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e00"
#define POD "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice"

static void containers(void **state)
{
	static const struct {
		const char *cgroup, *id, *runtime;
	} rows[] = {
		{ "/system.slice/docker-" ID ".scope", ID, "docker" },
		{ "/docker/" ID, ID, "docker" },
		{ "/docker/" ID "/init", ID, "docker" },
		{ POD "/cri-containerd-" ID ".scope", ID, "containerd" },
		{ "/system.slice/nerdctl-" ID ".scope", ID, "containerd" },
		{ POD "/crio-" ID ".scope", ID, "cri-o" },
		{ "/machine.slice/libpod-" ID ".scope/container", ID, "podman" },
		{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-"
		  ID ".scope", ID, "podman" },
		{ "/libpod_parent/libpod-" ID, ID, "podman" },
		{ "/machine.slice/systemd-nspawn@web.service/payload", "web",
		  "systemd-nspawn" },
		{ "/machine.slice/machine-web\\x2d1.scope", "web-1",
		  "systemd-nspawn" },
		{ "/lxc/web/init.scope", "web", "lxc" },
		{ "/lxc.payload.web/system.slice", "web", "lxc" },
		{ "/lxc.payload/web", "web", "lxc" },
		{ "/system.slice/runc-web.1.scope", "web.1", "runc" },
		{ "/system.slice/crun-web.scope/container", "web", "crun" },
		{ "/kubepods/besteffort/pod1/" ID, ID, "unknown" },
		/* What is inside is the container's own choice of names. */
		{ "/docker/" ID "/docker/" ID2, ID, "docker" },
		{ "/docker-" ID ".scope/lxc/fake", ID, "docker" },
		{ "/", NULL, NULL },
		{ "", NULL, NULL },
		{ "/system.slice/ssh.service", NULL, NULL },
		{ "/user.slice/user-0.slice/session-1.scope", NULL, NULL },
		{ "/system.slice/docker.service", NULL, NULL },
		{ "/system.slice/docker-1234.scope", NULL, NULL },
		{ "/machine.slice/libpod-conmon-" ID ".scope", NULL, NULL },
		{ POD "/crio-conmon-" ID ".scope", NULL, NULL },
		{ "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", NULL, NULL },
		{ "/lxc.monitor.web", NULL, NULL },
		{ "/lxc/a b", NULL, NULL },
		{ "/lxc/a\x1b[31m", NULL, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char id[NAMES_CONTAINER_ID_MAX];
		const char *runtime = NULL;
		bool is = names_container(text_bytes(rows[i].cgroup), id,
					  &runtime);

		if (is != !!rows[i].id)
			fail_msg("%s: %s", rows[i].cgroup,
				 is ? id : "no container");
		if (!is)
			continue;
		assert_string_equal(id, rows[i].id);
		assert_string_equal(runtime, rows[i].runtime);
	}
}

static void container_odd(void **state)
{
	char id[NAMES_CONTAINER_ID_MAX], path[400] = "/lxc/";
	const char *runtime;

	(void)state;
	assert_false(names_container((struct bytes){ NULL, 0 }, id, &runtime));
	memset(path + 5, 'a', 127);
	assert_true(names_container(text_bytes(path), id, &runtime));
	assert_int_equal(strlen(id), 127);
	memset(path + 5, 'a', 128);
	assert_false(names_container(text_bytes(path), id, &runtime));
}

static void users(void **state)
{
	struct names *names = names_new();
	uint32_t id;

	(void)state;
	assert_string_equal(names_user(names, 0), "root");
	assert_string_equal(names_group(names, 0), "root");
	assert_ptr_equal(names_user(names, 0), names_user(names, 0));
	assert_null(names_user(names, UINT32_MAX));
	assert_null(names_user(names, 0x7ffffff0));
	assert_null(names_user(names, 0x7ffffff0));
	/* More than the cache holds: it forgets, and still answers. */
	for (id = 0x70000000; id < 0x70000000 + 5000; id++)
		names_group(names, id);
	assert_string_equal(names_user(names, 0), "root");
	names_flush(names);
	assert_string_equal(names_user(names, 0), "root");
	names_free(names);
	names_free(NULL);
}

static void enrich(void **state)
{
	struct finding *finding = calloc(1, sizeof(*finding));
	struct names *names = names_new();

	(void)state;
	finding->process.loginuid = UINT32_MAX;
	finding->process.cgroup = text_bytes("/docker/" ID);
	assert_int_equal(names_enrich(names, finding), 0);
	assert_int_equal(names_enrich(names, finding), 0);	/* no leak */
	assert_string_equal(finding->extra.user_name, "root");
	assert_string_equal(finding->extra.group_name, "root");
	assert_null(finding->extra.login_name);
	assert_string_equal(finding->extra.container_id, ID);
	assert_string_equal(finding->extra.container_runtime, "docker");
	finding_free(finding);
	names_free(names);
}

static void abi(void **state)
{
	char prot[4];

	(void)state;
#ifdef __x86_64__
	assert_string_equal(names_syscall(AUDIT_ARCH_X86_64, SYS_mprotect),
			    "mprotect");
	assert_string_equal(names_syscall(AUDIT_ARCH_X86_64, SYS_pkey_mprotect),
			    "pkey_mprotect");
	assert_string_equal(names_syscall(AUDIT_ARCH_X86_64, SYS_execveat),
			    "execveat");
	assert_string_equal(names_syscall(AUDIT_ARCH_X86_64, SYS_shmat),
			    "shmat");
#endif
	assert_string_equal(names_syscall(AUDIT_ARCH_X86_64,
					  0x40000000 | 10), "mprotect");
	assert_string_equal(names_syscall(AUDIT_ARCH_I386, 125), "mprotect");
	assert_string_equal(names_syscall(AUDIT_ARCH_I386, 192), "mmap2");
	assert_string_equal(names_syscall(AUDIT_ARCH_I386, 117), "ipc");
	assert_string_equal(names_syscall(AUDIT_ARCH_AARCH64, 226), "mprotect");
	assert_null(names_syscall(AUDIT_ARCH_X86_64, 9999));
	assert_null(names_syscall(1, 10));
	assert_string_equal(names_arch(AUDIT_ARCH_I386), "i386");
	assert_null(names_arch(1));
	assert_string_equal(names_capability(CAP_NET_ADMIN), "CAP_NET_ADMIN");
	assert_string_equal(names_capability(CAP_AUDIT_CONTROL),
			    "CAP_AUDIT_CONTROL");
	assert_string_equal(names_capability(CAP_LAST_CAP),
			    "CAP_CHECKPOINT_RESTORE");
	assert_null(names_capability(63));
	assert_string_equal(names_seal(3), "F_SEAL_WRITE");
	names_prot(3, prot);
	assert_string_equal(prot, "rw-");
	names_prot(0x1000007, prot);
	assert_string_equal(prot, "rwx");
	assert_string_equal(names_flag(3), "compat");
	assert_string_equal(names_flag(9), "unjudged");
	assert_string_equal(names_flag(10), "debugger");
	assert_string_equal(names_flag(11), "dual");
	assert_string_equal(names_flag(13), "aggregate");
	assert_string_equal(names_flag(14), "self_clone");
	assert_string_equal(names_flag(15), "checked");
	assert_null(names_flag(16));
}

/* Each class has its row, and the published ones what was published. */
static void rule_rows(void **state)
{
	const struct rule *rule;
	uint32_t class;

	(void)state;
	for (class = 1; class <= WXGUARD_CLASS_MAX; class++) {
		rule = rule_lookup(class);
		if (rule->class != class)
			fail_msg("class %u has no row", class);
		assert_true(rule->risk == 21 || rule->risk == 47 ||
			    rule->risk == 73);
		assert_non_null(rule->description);
		assert_non_null(rule->tactic_id);
	}
	assert_int_equal(rule_lookup(9999)->class, WXGUARD_CLASS_UNSPEC);

	rule = rule_lookup(WXGUARD_CLASS_RWX_MPROTECT);
	assert_string_equal(rule->id, "23bcd283-2bc0-4db2-81d4-273fc051e5c0");
	assert_string_equal(rule->severity, "medium");
	assert_int_equal(rule->risk, 47);
	assert_string_equal(rule->tactic_id, "TA0002");
	assert_string_equal(rule->technique[0].id, "T1059");
	assert_string_equal(rule->technique[0].sub_id, "T1059.004");

	rule = rule_lookup(WXGUARD_CLASS_EXEC_MEMORY);
	assert_string_equal(rule->id, "TRC-105");
	assert_string_equal(rule->version, "1");
	assert_string_equal(rule->name, "Fileless execution detected");
	assert_string_equal(rule->code, "fileless_execution");
	assert_int_equal(rule->source_severity, 3);
	assert_string_equal(rule->category, "defense-evasion");
	assert_string_equal(rule->technique[0].id, "T1620");
	assert_string_equal(rule->stix_id,
			    "attack-pattern--4933e63b-9b77-476e-ab29-761bc5b7d15a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(containers),
		cmocka_unit_test(container_odd),
		cmocka_unit_test(users),
		cmocka_unit_test(enrich),
		cmocka_unit_test(abi),
		cmocka_unit_test(rule_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
