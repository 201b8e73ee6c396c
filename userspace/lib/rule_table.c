// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One row per class. Ids, names, severities and mappings of the first two are
 * those of the published detections (elastic/detection-rules, rule
 * 23bcd283-2bc0-4db2-81d4-273fc051e5c0; aquasecurity/tracee, TRC-105); the
 * descriptions are our own words. ATT&CK ids and names: attack.mitre.org.
 */
#include "rule_table.h"

#include <stddef.h>

#include <uapi/linux/wxguard.h>

#define LOW	.severity = "low", .risk = 21
#define MEDIUM	.severity = "medium", .risk = 47
#define HIGH	.severity = "high", .risk = 73

#define EXECUTION	.tactic_id = "TA0002", .tactic_name = "Execution"
#define EVASION		.tactic_id = "TA0005", .tactic_name = "Defense Evasion"

#define T1620 { .id = "T1620", .name = "Reflective Code Loading" }
#define T1055 { .id = "T1055", .name = "Process Injection" }
#define T1059_004 { .id = "T1059", \
		    .name = "Command and Scripting Interpreter", \
		    .sub_id = "T1059.004", .sub_name = "Unix Shell" }
#define T1070_004 { .id = "T1070", .name = "Indicator Removal", \
		    .sub_id = "T1070.004", .sub_name = "File Deletion" }
#define T1562_001 { .id = "T1562", .name = "Impair Defenses", \
		    .sub_id = "T1562.001", \
		    .sub_name = "Disable or Modify Tools" }

#define OURS .source = "wxguard", .source_severity = -1, .version = "1"
#define ATTACK(path) "https://attack.mitre.org/techniques/" path "/"

#define ELASTIC_ID "23bcd283-2bc0-4db2-81d4-273fc051e5c0"

static const struct rule rules[] = {
	{
		.class = WXGUARD_CLASS_UNSPEC,
		.id = "WXG-100", .name = "Event of a class unknown to this program",
		.code = "unknown_class", .action = "unknown-class",
		.type = "info", .category = "execution", .tag = "unknown-class",
		MEDIUM, OURS,
		.description = "The kernel module is newer than this program and reports a class that it cannot name.",
		.reference = ATTACK("T1620"), EVASION,
		.technique = { T1620 },
	}, {
		.class = WXGUARD_CLASS_RWX_MPROTECT,
		.id = ELASTIC_ID, .uuid = ELASTIC_ID,
		.name = "Unknown Execution of Binary with RWX Memory Region",
		.version = "1",
		.code = "rwx_new_executable", .action = "rwx-memory-transition",
		.type = "change", .category = "execution", .tag = "rwx-memory",
		MEDIUM,
		.source = "elastic/detection-rules", .source_severity = -1,
		.description = "An executable that had not done so within the history window made memory writable and executable at the same time through mprotect.",
		.reference = "https://man7.org/linux/man-pages/man2/mprotect.2.html",
		.reference_more = "https://www.elastic.co/security-labs/linux-detection-engineering-with-auditd",
		EXECUTION, .technique = { T1059_004 },
	}, {
		.class = WXGUARD_CLASS_EXEC_MEMORY,
		.id = "TRC-105", .name = "Fileless execution detected",
		.version = "1",
		.code = "fileless_execution", .action = "fileless-execution",
		.type = "start", .category = "defense-evasion",
		.tag = "fileless-exec",
		HIGH,
		.source = "aquasecurity/tracee", .source_severity = 3,
		.stix_id = "attack-pattern--4933e63b-9b77-476e-ab29-761bc5b7d15a",
		.description = "A program, a script or its interpreter was started from a file that lives in memory only, or from a shared memory directory.",
		.reference = ATTACK("T1620"), EVASION,
		.technique = { T1620 },
	}, {
		.class = WXGUARD_CLASS_MAP_MEMORY_EXEC,
		.id = "WXG-101", .name = "Executable mapping of a memory file",
		.code = "memory_file_mapped", .action = "memory-file-mapped",
		.type = "change", .category = "defense-evasion",
		.tag = "fileless-library",
		HIGH, OURS,
		.description = "A process mapped code from a file that has no name in any file system, as when a library is loaded from memory.",
		.reference = ATTACK("T1620"), EVASION,
		.technique = { T1620 },
	}, {
		.class = WXGUARD_CLASS_EXEC_UNLINKED,
		.id = "WXG-102", .name = "Execution of an unlinked file",
		.code = "unlinked_execution", .action = "unlinked-execution",
		.type = "start", .category = "defense-evasion",
		.tag = "unlinked-exec",
		MEDIUM, OURS,
		.description = "A program was started from a file whose last name had been removed, or that never had one.",
		.reference = ATTACK("T1070/004"), EVASION,
		.technique = { T1620, T1070_004 },
	}, {
		.class = WXGUARD_CLASS_WX_TRANSITION,
		.id = "WXG-103", .name = "Written memory became executable",
		.code = "wx_transition", .action = "wx-transition",
		.type = "change", .category = "defense-evasion",
		.tag = "wx-transition",
		MEDIUM, OURS,
		.description = "Memory that a process had written was made executable, without being writable any more.",
		.reference = ATTACK("T1620"), EVASION,
		.technique = { T1620 },
	}, {
		.class = WXGUARD_CLASS_RWX_MMAP,
		.id = "WXG-104", .name = "Mapping born writable and executable",
		.code = "rwx_mapping", .action = "rwx-mapping",
		.type = "change", .category = "execution", .tag = "rwx-memory",
		LOW, OURS,
		.description = "An executable that had not done so within the history window created a mapping that is writable and executable from the start.",
		.reference = ATTACK("T1620"), EVASION,
		.technique = { T1620 },
	}, {
		.class = WXGUARD_CLASS_EXEC_STACK,
		.id = "WXG-105", .name = "Executable stack",
		.code = "executable_stack", .action = "executable-stack",
		.type = "change", .category = "execution",
		.tag = "executable-stack",
		LOW, OURS,
		.description = "A program was started with an executable stack, or was given one.",
		.reference = ATTACK("T1620"), EVASION,
		.technique = { T1620 },
	}, {
		.class = WXGUARD_CLASS_EXEC_ARG_MEMORY,
		.id = "WXG-106", .name = "Interpreter started on a memory file",
		.code = "memory_file_argument", .action = "memory-file-argument",
		.type = "start", .category = "execution", .tag = "fileless-exec",
		HIGH, OURS,
		.description = "An interpreter was started with an argument that names an inherited memory file.",
		.reference = ATTACK("T1059/004"), EXECUTION,
		.technique = { T1059_004, T1620 },
	}, {
		.class = WXGUARD_CLASS_EXEC_UNKNOWN,
		.id = "WXG-107", .name = "Execution of an unknown executable",
		.code = "unknown_executable", .action = "unknown-executable",
		.type = "start", .category = "execution", .tag = "allowlist",
		LOW, OURS,
		.description = "A program was started from a file that is not in the known set.",
		.reference = "https://attack.mitre.org/tactics/TA0002/",
		EXECUTION,	/* no technique: it says only "unknown" */
	}, {
		.class = WXGUARD_CLASS_FOREIGN_WRITE,
		.id = "WXG-108", .name = "Write into the code of another process",
		.code = "foreign_write", .action = "foreign-write",
		.type = "change", .category = "defense-evasion",
		.tag = "process-injection",
		HIGH, OURS,
		.description = "A process wrote into executable memory of another one, or into its own past the protection of that memory.",
		.reference = ATTACK("T1055"), EVASION,
		.technique = { T1055 },
	}, {
		.class = WXGUARD_CLASS_SENSOR_TAMPER,
		.id = "WXG-190", .name = "The sensor was blinded",
		.code = "sensor_tamper", .action = "sensor-tamper",
		.type = "info", .category = "defense-evasion",
		.tag = "sensor-tamper",
		HIGH, OURS,
		.description = "The sensor was switched off, starved, about to be unloaded, or has spent its budget of denials: from then on something can pass that it would have seen or stopped.",
		.reference = ATTACK("T1562/001"), EVASION,
		.technique = { T1562_001 },
	},
};

const struct rule *rule_lookup(uint32_t class)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].class == class)
			return &rules[i];
	return &rules[0];
}
