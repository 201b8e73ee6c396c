// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of fields, see ecs_fields.h: in the order in which the page shows
 * them. Pure. A field that is written and not here, or here and never
 * written, fails the tests.
 */
#include "ecs_fields.h"

#include <string.h>

#define KEYWORD	ECS_KEYWORD
#define TEXT	ECS_TEXT
#define LONG	ECS_LONG
#define FLOAT	ECS_FLOAT
#define BOOLEAN	ECS_BOOLEAN
#define DATE	ECS_DATE
#define ONE	false
#define MANY	true
#define CLEAN	false
#define HOSTILE	true
#define ECS	ECS_OF_ECS
#define STREAM	ECS_OF_STREAM
#define AUDIT	ECS_OF_AUDIT
#define US	ECS_OF_US
#define RAW		"wxguard.raw.*"
#define ANCESTORS	"wxguard.process.ancestors."

/* clang-format off */
const struct ecs_field ecs_fields[] = {
	/* The envelope. */
	{ "@timestamp", DATE, ONE, CLEAN, ECS,
	  "When it happened; of a record that is no finding, when it was said.",
	  "2026-01-15T09:41:07.123456789Z" },
	{ "message", TEXT, ONE, CLEAN, ECS,
	  "One line: the name of the rule and the executable. Elastic's rule "
	  "\"External Alerts\" takes it as the name of the alert, so it has no number "
	  "in it.", "Fileless execution detected: /memfd:kworker (deleted)" },
	{ "tags", KEYWORD, MANY, CLEAN, ECS,
	  "wxguard, what it is about, and \"denied\" where it was refused; "
	  "\"operation\" in a record that is no finding.", "wxguard" },
	{ "ecs.version", KEYWORD, ONE, CLEAN, ECS,
	  "The version of the schema.", "8.17.0" },
	{ "data_stream.type", KEYWORD, ONE, CLEAN, STREAM,
	  "Always \"logs\".", "logs" },
	{ "data_stream.dataset", KEYWORD, ONE, CLEAN, STREAM,
	  "Always the same.", "wxguard.finding" },
	{ "data_stream.namespace", KEYWORD, ONE, CLEAN, STREAM,
	  "Always \"default\".", "default" },
	{ "service.type", KEYWORD, ONE, CLEAN, ECS,
	  "Always the same.", "wxguard" },

	/* The event. */
	{ "event.kind", KEYWORD, ONE, CLEAN, ECS,
	  "\"alert\" for a finding, \"event\" for all else.", "alert" },
	{ "event.category", KEYWORD, MANY, CLEAN, ECS,
	  "process and intrusion_detection; host instead of process where no process "
	  "can be named. Of a record that is no finding: host or configuration.",
	  "intrusion_detection" },
	{ "event.type", KEYWORD, MANY, CLEAN, ECS,
	  "info, with start or change by the class, and denied where it was refused.", "change" },
	{ "event.action", KEYWORD, ONE, CLEAN, ECS,
	  "What was done, one word for each class.", "rwx-memory-transition" },
	{ "event.outcome", KEYWORD, ONE, CLEAN, ECS,
	  "success, failure (also where it was refused), or unknown.", "success" },
	{ "event.code", KEYWORD, ONE, CLEAN, ECS,
	  "The class as a code that does not change between versions; of a record "
	  "that is no finding, which one it is.", "fileless_execution" },
	{ "event.module", KEYWORD, ONE, CLEAN, ECS,
	  "Always the same.", "wxguard" },
	{ "event.dataset", KEYWORD, ONE, CLEAN, ECS,
	  "Always the same.", "wxguard.finding" },
	{ "event.provider", KEYWORD, ONE, CLEAN, ECS,
	  "wxguard-kmod, or wxguardd for what the daemon says of itself.", "wxguard-kmod" },
	{ "event.id", KEYWORD, ONE, CLEAN, ECS,
	  "The boot id and the number. The same record has the same id in each "
	  "output, also when it is sent twice: use it as the key.",
	  "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-00000000000001a7" },
	{ "event.sequence", LONG, ONE, CLEAN, ECS,
	  "The number of the finding, from 1 in each boot, without gaps: a gap is a "
	  "loss.", "423" },
	{ "event.severity", LONG, ONE, CLEAN, ECS,
	  "21 low, 47 medium, 73 high. Findings only.", "47" },
	{ "event.risk_score", FLOAT, ONE, CLEAN, ECS,
	  "The same number. Findings only.", "47.0" },
	{ "event.reason", KEYWORD, ONE, CLEAN, ECS,
	  "One sentence with the particulars.", "mprotect made 4096 bytes at 0x7f3a5c000000 rwx" },
	{ "event.created", DATE, ONE, CLEAN, ECS,
	  "When the daemon read it.", "2026-01-15T09:41:07.124101200Z" },
	{ "log.level", KEYWORD, ONE, CLEAN, ECS,
	  "info, warning, error, or critical for sensor_tamper.", "warning" },
	{ "log.syslog.severity.code", LONG, ONE, CLEAN, ECS,
	  "The same as a number of syslog.", "4" },
	{ "log.syslog.severity.name", KEYWORD, ONE, CLEAN, ECS,
	  "Its name.", "Warning" },

	/* The host. */
	{ "host.name", KEYWORD, ONE, CLEAN, ECS,
	  "The host's name.", "web-03" },
	{ "host.hostname", KEYWORD, ONE, CLEAN, ECS,
	  "The same.", "web-03" },
	{ "host.id", KEYWORD, ONE, CLEAN, ECS,
	  "/etc/machine-id; absent with host_id = none.", "8c1f3a9b7d5e4f2098ab6c5d4e3f2a1b" },
	{ "host.architecture", KEYWORD, ONE, CLEAN, ECS,
	  "As uname -m says.", "x86_64" },
	{ "host.boot.id", KEYWORD, ONE, CLEAN, ECS,
	  "The id of this boot.", "3f1c9a52-d0e1-4c0f-9b0c-5a7e6d2b8f10" },
	{ "host.os.type", KEYWORD, ONE, CLEAN, ECS,
	  "Always \"linux\".", "linux" },
	{ "host.os.kernel", KEYWORD, ONE, CLEAN, ECS,
	  "As uname -r says.", "6.1.0-56-amd64" },
	{ "host.os.name", KEYWORD, ONE, CLEAN, ECS,
	  "NAME of os-release(5).", "Debian GNU/Linux" },
	{ "host.os.platform", KEYWORD, ONE, CLEAN, ECS,
	  "ID of os-release(5).", "debian" },
	{ "host.os.family", KEYWORD, ONE, CLEAN, ECS,
	  "ID_LIKE of os-release(5), or ID.", "debian" },
	{ "host.os.version", KEYWORD, ONE, CLEAN, ECS,
	  "VERSION_ID of os-release(5).", "12" },

	/* The process. */
	{ "process.pid", LONG, ONE, CLEAN, ECS,
	  "Process number in the first namespace.", "48123" },
	{ "process.vpid", LONG, ONE, CLEAN, ECS,
	  "The same in the process's own namespace.", "17" },
	{ "process.entity_id", KEYWORD, ONE, CLEAN, ECS,
	  "Boot, process number and start: one id for one process, also after the "
	  "number is used again.", "3f1c9a52-48123-5b8d80" },
	{ "process.start", DATE, ONE, CLEAN, ECS,
	  "When it was started.", "2026-01-15T09:41:06.998000000Z" },
	{ "process.name", KEYWORD, ONE, HOSTILE, ECS,
	  "The name of the process, which it can choose.", "agentd" },
	{ "process.executable", KEYWORD, ONE, HOSTILE, ECS,
	  "Path of its executable, as the kernel has it.", "/opt/acme/bin/agentd" },
	{ "process.args", KEYWORD, MANY, HOSTILE, ECS,
	  "Its arguments; process.args_count is absent where they were cut.", "--plugin" },
	{ "process.args_count", LONG, ONE, CLEAN, ECS,
	  "How many there are.", "3" },
	{ "process.command_line", KEYWORD, ONE, CLEAN, ECS,
	  "The arguments with blanks between.", "/opt/acme/bin/agentd --plugin /tmp/p.so" },
	{ "process.working_directory", KEYWORD, ONE, HOSTILE, ECS,
	  "Where it was.", "/srv/acme" },
	{ "process.hash.sha256", KEYWORD, ONE, CLEAN, ECS,
	  "SHA-256 of its executable, read by the daemon.",
	  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" },
	{ "process.thread.id", LONG, ONE, CLEAN, ECS,
	  "The thread that did it.", "48123" },
	{ "process.thread.name", KEYWORD, ONE, HOSTILE, ECS,
	  "Its name.", "agentd" },
	{ "process.thread.capabilities.effective", KEYWORD, MANY, CLEAN, ECS,
	  "Its effective capabilities.", "CAP_NET_ADMIN" },
	{ "process.thread.capabilities.permitted", KEYWORD, MANY, CLEAN, ECS,
	  "Its permitted capabilities.", "CAP_NET_ADMIN" },
	{ "process.parent.pid", LONG, ONE, CLEAN, ECS,
	  "The parent's process number.", "812" },
	{ "process.parent.entity_id", KEYWORD, ONE, CLEAN, ECS,
	  "As process.entity_id.", "3f1c9a52-812-1e8480" },
	{ "process.parent.name", KEYWORD, ONE, HOSTILE, ECS,
	  "The parent's name.", "systemd" },
	{ "process.parent.executable", KEYWORD, ONE, HOSTILE, ECS,
	  "The parent's executable.", "/usr/lib/systemd/systemd" },
	{ "process.parent.start", DATE, ONE, CLEAN, ECS,
	  "When the parent was started.", "2026-01-15T08:00:02.000000000Z" },
	{ "user.id", KEYWORD, ONE, CLEAN, ECS,
	  "Real user id.", "1001" },
	{ "user.name", KEYWORD, ONE, CLEAN, ECS,
	  "Its name on this host.", "build" },
	{ "user.effective.id", KEYWORD, ONE, CLEAN, ECS,
	  "Effective user id.", "1001" },
	{ "user.effective.name", KEYWORD, ONE, CLEAN, ECS,
	  "Its name on this host.", "build" },
	{ "user.group.id", KEYWORD, ONE, CLEAN, ECS,
	  "Real group id.", "1001" },
	{ "user.group.name", KEYWORD, ONE, CLEAN, ECS,
	  "Its name on this host.", "build" },
	{ "user.target.id", KEYWORD, ONE, CLEAN, ECS,
	  "User id of the process that was written into.", "0" },
	{ "user.target.name", KEYWORD, ONE, CLEAN, ECS,
	  "Its name on this host.", "root" },
	{ "container.id", KEYWORD, ONE, CLEAN, ECS,
	  "Of the container, found in the control group.",
	  "f0c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e0f" },
	{ "container.runtime", KEYWORD, ONE, CLEAN, ECS,
	  "Who runs it.", "docker" },

	/* The file. */
	{ "file.path", KEYWORD, ONE, HOSTILE, ECS,
	  "What was executed, or what lies below the memory.", "/memfd:kworker (deleted)" },
	{ "file.name", KEYWORD, ONE, HOSTILE, ECS,
	  "Its last part.", "memfd:kworker" },
	{ "file.inode", KEYWORD, ONE, CLEAN, ECS,
	  "Inode number.", "10245" },
	{ "file.device", KEYWORD, ONE, CLEAN, ECS,
	  "Device, major and minor in hex.", "00:01" },
	{ "file.size", LONG, ONE, CLEAN, ECS,
	  "Bytes.", "912384" },
	{ "file.type", KEYWORD, ONE, CLEAN, ECS,
	  "file, dir, symlink or special.", "file" },
	{ "file.mode", KEYWORD, ONE, CLEAN, ECS,
	  "Its rights, octal.", "0777" },
	{ "file.uid", KEYWORD, ONE, CLEAN, ECS,
	  "Owner.", "33" },
	{ "file.gid", KEYWORD, ONE, CLEAN, ECS,
	  "Group.", "33" },
	{ "file.mtime", DATE, ONE, CLEAN, ECS,
	  "When its content changed last.", "2026-01-15T09:44:51.980000000Z" },
	{ "file.ctime", DATE, ONE, CLEAN, ECS,
	  "When anything of it changed last.", "2026-01-15T09:44:51.985000000Z" },
	{ "file.hash.sha256", KEYWORD, ONE, CLEAN, ECS,
	  "SHA-256, where it is the executable of the process.",
	  "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae" },

	/* The system call, as an audit record has it. */
	{ "auditd.message_type", KEYWORD, ONE, CLEAN, AUDIT,
	  "Always \"syscall\".", "syscall" },
	{ "auditd.result", KEYWORD, ONE, CLEAN, AUDIT,
	  "success or fail; absent when not known.", "success" },
	{ "auditd.session", KEYWORD, ONE, CLEAN, AUDIT,
	  "Audit session.", "12" },
	{ "auditd.data.arch", KEYWORD, ONE, CLEAN, AUDIT,
	  "Of the call: a 32-bit program says i386.", "x86_64" },
	{ "auditd.data.syscall", KEYWORD, ONE, CLEAN, AUDIT,
	  "Name of the call, or its number.", "mprotect" },
	{ "auditd.data.a0", KEYWORD, ONE, CLEAN, AUDIT,
	  "First argument, hex without 0x.", "7f3a5c000000" },
	{ "auditd.data.a1", KEYWORD, ONE, CLEAN, AUDIT,
	  "Second argument, hex without 0x.", "1000" },
	{ "auditd.data.a2", KEYWORD, ONE, CLEAN, AUDIT,
	  "Third argument, hex without 0x. \"7\" is what the published query asks "
	  "for.", "7" },
	{ "auditd.data.a3", KEYWORD, ONE, CLEAN, AUDIT,
	  "Fourth argument, hex without 0x.", "0" },
	{ "auditd.data.exit", KEYWORD, ONE, CLEAN, AUDIT,
	  "What it returned; an error by its name.", "EACCES" },
	{ "auditd.user.audit.id", KEYWORD, ONE, CLEAN, AUDIT,
	  "The user who logged in.", "1001" },
	{ "auditd.user.audit.name", KEYWORD, ONE, CLEAN, AUDIT,
	  "The name on this host.", "build" },

	/* The rule. */
	{ "rule.id", KEYWORD, ONE, CLEAN, ECS,
	  "The id under which the detection was published, or WXG-1xx.", "TRC-105" },
	{ "rule.uuid", KEYWORD, ONE, CLEAN, ECS,
	  "The same, if it is a UUID.", "23bcd283-2bc0-4db2-81d4-273fc051e5c0" },
	{ "rule.name", KEYWORD, ONE, CLEAN, ECS,
	  "Its name.", "Fileless execution detected" },
	{ "rule.description", KEYWORD, ONE, CLEAN, ECS,
	  "What it is about, in our words.",
	  "A program was executed from memory instead of a file in a file system." },
	{ "rule.category", KEYWORD, ONE, CLEAN, ECS,
	  "The tactic in lower case.", "defense-evasion" },
	{ "rule.ruleset", KEYWORD, ONE, CLEAN, ECS,
	  "Always the same.", "wxguard-builtin" },
	{ "rule.version", KEYWORD, ONE, CLEAN, ECS,
	  "The version that was published.", "1" },
	{ "rule.author", KEYWORD, MANY, CLEAN, ECS,
	  "Always \"wxguard\".", "wxguard" },
	{ "rule.license", KEYWORD, ONE, CLEAN, ECS,
	  "Of this implementation.", "GPL-2.0-or-later" },
	{ "rule.reference", KEYWORD, ONE, CLEAN, ECS,
	  "Where to read more.", "https://attack.mitre.org/techniques/T1620/" },
	{ "threat.framework", KEYWORD, ONE, CLEAN, ECS,
	  "Always the same.", "MITRE ATT&CK" },
	{ "threat.tactic.id", KEYWORD, MANY, CLEAN, ECS,
	  "Tactic.", "TA0005" },
	{ "threat.tactic.name", KEYWORD, MANY, CLEAN, ECS,
	  "Its name.", "Defense Evasion" },
	{ "threat.tactic.reference", KEYWORD, MANY, CLEAN, ECS,
	  "Its page.", "https://attack.mitre.org/tactics/TA0005/" },
	{ "threat.technique.id", KEYWORD, MANY, CLEAN, ECS,
	  "Technique.", "T1620" },
	{ "threat.technique.name", KEYWORD, MANY, CLEAN, ECS,
	  "Its name.", "Reflective Code Loading" },
	{ "threat.technique.reference", KEYWORD, MANY, CLEAN, ECS,
	  "Its page.", "https://attack.mitre.org/techniques/T1620/" },
	{ "threat.technique.subtechnique.id", KEYWORD, MANY, CLEAN, ECS,
	  "Subtechnique.", "T1059.004" },
	{ "threat.technique.subtechnique.name", KEYWORD, MANY, CLEAN, ECS,
	  "Its name.", "Unix Shell" },
	{ "threat.technique.subtechnique.reference", KEYWORD, MANY, CLEAN, ECS,
	  "Its page.", "https://attack.mitre.org/techniques/T1059/004/" },
	{ "related.user", KEYWORD, MANY, CLEAN, ECS,
	  "user.name again, for searching.", "build" },
	{ "related.hash", KEYWORD, MANY, CLEAN, ECS,
	  "process.hash.sha256 again, for searching.",
	  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" },
	{ "wxguard.rule.severity", KEYWORD, ONE, CLEAN, US,
	  "low, medium or high.", "high" },
	{ "wxguard.rule.source", KEYWORD, ONE, CLEAN, US,
	  "Who has published the detection.", "aquasecurity/tracee" },
	{ "wxguard.rule.event_name", KEYWORD, ONE, CLEAN, US,
	  "Its event, as published.", "fileless_execution" },
	{ "wxguard.rule.references", KEYWORD, MANY, CLEAN, US,
	  "Where to read more.", "https://attack.mitre.org/techniques/T1620/" },
	{ "wxguard.rule.source_severity", LONG, ONE, CLEAN, US,
	  "The severity in the source's own scale.", "3" },
	{ "wxguard.rule.stix_id", KEYWORD, ONE, CLEAN, US,
	  "The id of the technique in STIX.",
	  "attack-pattern--4933e63b-9b77-476e-ab29-761bc5b7d15a" },
	{ "wxguard.rule.properties.Severity", LONG, ONE, CLEAN, US,
	  "The properties of the Tracee signature, under their own names.", "3" },
	{ "wxguard.rule.properties.Category", KEYWORD, ONE, CLEAN, US,
	  "The same.", "defense-evasion" },
	{ "wxguard.rule.properties.Technique", KEYWORD, ONE, CLEAN, US,
	  "The same.", "Reflective Code Loading" },
	{ "wxguard.rule.properties.Kubernetes_Technique", KEYWORD, ONE, CLEAN, US,
	  "The same.", "N/A" },
	{ "wxguard.rule.properties.id", KEYWORD, ONE, CLEAN, US,
	  "The same.", "attack-pattern--4933e63b-9b77-476e-ab29-761bc5b7d15a" },
	{ "wxguard.rule.properties.external_id", KEYWORD, ONE, CLEAN, US,
	  "The same.", "T1620" },

	/* What ECS has no field for. */
	{ "wxguard.schema", LONG, ONE, CLEAN, US,
	  "Version of the fields below wxguard; it grows when the meaning of one "
	  "changes.", "1" },
	{ "wxguard.version", KEYWORD, ONE, CLEAN, US,
	  "Of the daemon.", "0.1.0" },
	{ "wxguard.stream.lost_total", LONG, ONE, CLEAN, US,
	  "Findings that were lost since the boot, as known when this was written.", "0" },
	{ "wxguard.stream.lost_first", LONG, ONE, CLEAN, US,
	  "In a record of a loss: the first number that never arrived.", "17" },
	{ "wxguard.stream.lost_last", LONG, ONE, CLEAN, US,
	  "The last one.", "42" },
	{ "wxguard.stream.lost_count", LONG, ONE, CLEAN, US,
	  "How many.", "26" },
	{ "wxguard.change.kind", KEYWORD, ONE, CLEAN, US,
	  "In a record of a change: class, budget, scope, exclude, order "
	  "(of scopes), mode or known.", "exclude" },
	{ "wxguard.change.of", KEYWORD, ONE, CLEAN, US,
	  "Which one.", "exclude \"agentd\"" },
	{ "wxguard.change.before", KEYWORD, MANY, CLEAN, US,
	  "How it was, in the words of the rules file; absent if it was not there.",
	  "action = log" },
	{ "wxguard.change.after", KEYWORD, MANY, CLEAN, US,
	  "How it is; absent if it is no longer there.", "action = deny" },
	{ "wxguard.change.by", KEYWORD, ONE, CLEAN, US,
	  "Who did it: the login name of who called wxguard, or wxguardd and why. Absent "
	  "where nobody said it: the kernel does not, and another program need not.", "alice" },
	{ "wxguard.change.generation_before", LONG, ONE, CLEAN, US,
	  "Which set of rules it was; absent where the module was loaded since.", "3" },
	{ "wxguard.change.generation", LONG, ONE, CLEAN, US,
	  "Which set of rules it is.", "4" },
	{ "wxguard.change.more", LONG, ONE, CLEAN, US,
	  "So many further changes came at once and are not told one by one.", "23" },
	{ "wxguard.finding.number", LONG, ONE, CLEAN, US,
	  "The module's own number, as wxguard show takes it.", "423" },
	{ "wxguard.finding.class", KEYWORD, ONE, CLEAN, US,
	  "The class, as in the rules; wxguard(7) explains each.", "rwx_mprotect" },
	{ "wxguard.finding.verdict", KEYWORD, ONE, CLEAN, US,
	  "logged, would_deny, would_kill, denied, killed or spared.", "logged" },
	{ "wxguard.finding.action", KEYWORD, ONE, CLEAN, US,
	  "What the rule says: log, deny or kill.", "deny" },
	{ "wxguard.finding.mode", KEYWORD, ONE, CLEAN, US,
	  "The mode at that moment.", "detect" },
	{ "wxguard.finding.rules_generation", LONG, ONE, CLEAN, US,
	  "Which set of rules decided; it grows with each change.", "12" },
	{ "wxguard.finding.uptime_ns", LONG, ONE, CLEAN, US,
	  "When, in nanoseconds since the boot.", "81234567890" },
	{ "wxguard.finding.flags", KEYWORD, MANY, CLEAN, US,
	  "args_truncated, path_truncated, args_missing, compat, kernel_spawned, "
	  "implied_exec, no_outcome, ancestors_cut, written, unjudged, debugger, "
	  "dual, repeat, aggregate, self_clone, checked.", "compat" },
	{ "wxguard.memory.address", KEYWORD, ONE, CLEAN, US,
	  "Where the memory begins; absent when not known.", "0x7f3a5c000000" },
	{ "wxguard.memory.size", LONG, ONE, CLEAN, US,
	  "Bytes.", "4096" },
	{ "wxguard.memory.prot_before", KEYWORD, ONE, CLEAN, US,
	  "Its rights before.", "rw-" },
	{ "wxguard.memory.prot_asked", KEYWORD, ONE, CLEAN, US,
	  "What was asked for.", "rwx" },
	{ "wxguard.memory.prot_after", KEYWORD, ONE, CLEAN, US,
	  "What it came to, or would have.", "rwx" },
	{ "wxguard.memory.prot_asked_raw", KEYWORD, ONE, CLEAN, US,
	  "The argument as it was given.", "0x7" },
	{ "wxguard.memory.region", KEYWORD, ONE, CLEAN, US,
	  "anon, heap, stack, file_private or file_shared.", "anon" },
	{ "wxguard.memory.backing", KEYWORD, ONE, CLEAN, US,
	  "anonymous or file.", "anonymous" },
	{ "wxguard.memory.origin", KEYWORD, ONE, CLEAN, US,
	  "Of the file: see wxguard.exec.origin.", "memfd" },
	{ "wxguard.exec.origin", KEYWORD, ONE, CLEAN, US,
	  "file, memfd, memfd_hugetlb, shared_anon, sysv_shm, memory_other, dev_shm "
	  "or run_shm.", "memfd" },
	{ "wxguard.exec.memfd_name", KEYWORD, ONE, HOSTILE, US,
	  "The name that the memfd was given; whoever made it chose it.", "kworker" },
	{ "wxguard.exec.name", KEYWORD, ONE, HOSTILE, US,
	  "The name of a file that is no memfd.", "payload" },
	{ "wxguard.exec.seals", KEYWORD, MANY, CLEAN, US,
	  "Seals of the memfd.", "F_SEAL_WRITE" },
	{ "wxguard.exec.filename", KEYWORD, ONE, HOSTILE, US,
	  "What was given to execve(2).", "/proc/self/fd/3" },
	{ "wxguard.exec.round", LONG, ONE, CLEAN, US,
	  "0 the program itself, 1 and more its interpreters.", "0" },
	{ "wxguard.exec.script", BOOLEAN, ONE, CLEAN, US,
	  "Is it a script?", "false" },
	{ "wxguard.history.key", KEYWORD, ONE, CLEAN, US,
	  "What is remembered: the field whose file it is.", "process.executable" },
	{ "wxguard.history.identity", KEYWORD, MANY, CLEAN, US,
	  "By what the file is recognised.", "inode" },
	{ "wxguard.history.window_seconds", LONG, ONE, CLEAN, US,
	  "For how long it is remembered.", "604800" },
	{ "wxguard.history.known", BOOLEAN, ONE, CLEAN, US,
	  "Always false: what is known is no finding.", "false" },
	{ "wxguard.process.ancestors.pid", LONG, ONE, CLEAN, US,
	  "Parents, the nearest first, up to eight, as an array of objects: process "
	  "number.", "812" },
	{ "wxguard.process.ancestors.name", KEYWORD, ONE, HOSTILE, US,
	  "Name.", "systemd" },
	{ "wxguard.process.ancestors.executable", KEYWORD, ONE, HOSTILE, US,
	  "Executable.", "/usr/lib/systemd/systemd" },
	{ "wxguard.process.ancestors.start", DATE, ONE, CLEAN, US,
	  "When it was started.", "2026-01-15T08:00:02.000000000Z" },
	{ "wxguard.process.cgroup", KEYWORD, ONE, HOSTILE, US,
	  "Control group.", "/system.slice/acme.service" },
	{ "wxguard.process.namespace.pid", LONG, ONE, CLEAN, US,
	  "Inode of the process namespace.", "4026531836" },
	{ "wxguard.process.namespace.mnt", LONG, ONE, CLEAN, US,
	  "Inode of the mount namespace.", "4026531841" },
	{ "wxguard.process.hash_missing", KEYWORD, ONE, CLEAN, US,
	  "Why there is no SHA-256.", "larger than hash_max_size" },
	{ "wxguard.process.executable_file.inode", KEYWORD, ONE, CLEAN, US,
	  "The file of the executable: inode number.", "1835021" },
	{ "wxguard.process.executable_file.device", KEYWORD, ONE, CLEAN, US,
	  "Device, major and minor in hex.", "08:01" },
	{ "wxguard.process.executable_file.generation", LONG, ONE, CLEAN, US,
	  "Generation of the inode.", "77" },
	{ "wxguard.process.executable_file.size", LONG, ONE, CLEAN, US,
	  "Bytes.", "912384" },
	{ "wxguard.process.executable_file.mode", KEYWORD, ONE, CLEAN, US,
	  "Its rights, octal.", "0755" },
	{ "wxguard.process.executable_file.uid", KEYWORD, ONE, CLEAN, US,
	  "Owner.", "0" },
	{ "wxguard.process.executable_file.gid", KEYWORD, ONE, CLEAN, US,
	  "Group.", "0" },
	{ "wxguard.process.executable_file.links", LONG, ONE, CLEAN, US,
	  "How many names it has.", "1" },
	{ "wxguard.process.executable_file.ctime", DATE, ONE, CLEAN, US,
	  "When anything of it changed last.", "2026-01-10T10:00:00.000000000Z" },
	{ "wxguard.process.executable_file.mtime", DATE, ONE, CLEAN, US,
	  "When its content changed last.", "2026-01-10T10:00:00.000000000Z" },
	{ "wxguard.target.pid", LONG, ONE, CLEAN, US,
	  "The process that was written into: process number.", "812" },
	{ "wxguard.target.name", KEYWORD, ONE, HOSTILE, US,
	  "Name.", "sshd" },
	{ "wxguard.target.executable", KEYWORD, ONE, HOSTILE, US,
	  "Executable.", "/usr/sbin/sshd" },
	{ "wxguard.target.uid", KEYWORD, ONE, CLEAN, US,
	  "Real user id.", "0" },
	{ "wxguard.target.self", BOOLEAN, ONE, CLEAN, US,
	  "Is it the process of the finding itself?", "false" },
	{ "wxguard.target.entity_id", KEYWORD, ONE, CLEAN, US,
	  "As process.entity_id.", "3f1c9a52-812-1e8480" },
	{ "wxguard.target.start", DATE, ONE, CLEAN, US,
	  "When it was started.", "2026-01-15T08:00:02.000000000Z" },
	{ "wxguard.writer.pid", LONG, ONE, CLEAN, US,
	  "The process that wrote, where another one than the process of the finding: "
	  "process number.", "812" },
	{ "wxguard.writer.name", KEYWORD, ONE, HOSTILE, US,
	  "Name.", "sshd" },
	{ "wxguard.writer.executable", KEYWORD, ONE, HOSTILE, US,
	  "Executable.", "/usr/sbin/sshd" },
	{ "wxguard.writer.uid", KEYWORD, ONE, CLEAN, US,
	  "Real user id.", "0" },
	{ "wxguard.writer.self", BOOLEAN, ONE, CLEAN, US,
	  "Is it the process of the finding itself?", "false" },
	{ "wxguard.writer.entity_id", KEYWORD, ONE, CLEAN, US,
	  "As process.entity_id.", "3f1c9a52-812-1e8480" },
	{ "wxguard.writer.start", DATE, ONE, CLEAN, US,
	  "When it was started.", "2026-01-15T08:00:02.000000000Z" },
	{ "wxguard.tamper.reason", KEYWORD, ONE, CLEAN, US,
	  "How wxguard was blinded: exec, mprotect, canary, missed, unload or budget.", "canary" },
	{ "wxguard.scope.name", KEYWORD, ONE, CLEAN, US,
	  "The scope whose rule decided.", "containers" },
	{ "wxguard.repeat.of", LONG, ONE, CLEAN, US,
	  "Number of the finding that this repeats.", "423" },
	{ "wxguard.repeat.event_id", KEYWORD, ONE, CLEAN, US,
	  "Its event.id.", "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-00000000000001a7" },
	{ "wxguard.repeat.count", LONG, ONE, CLEAN, US,
	  "How often until now.", "100" },
	{ "wxguard.repeat.last", DATE, ONE, CLEAN, US,
	  "When the last time.", "2026-01-15T09:42:07.123456789Z" },
	{ "wxguard.raw.*", KEYWORD, ONE, CLEAN, US,
	  "Bytes of the field of that name in hex, only where they are no valid "
	  "UTF-8: wxguard.raw.process.name for process.name, "
	  "wxguard.raw.exec.memfd_name for wxguard.exec.memfd_name, raw.name within "
	  "an ancestor.", "6576696cff" },
	{ 0 }
};
/* clang-format on */

static const struct ecs_field *find(const char *path)
{
	const struct ecs_field *row;

	for (row = ecs_fields; row->path; row++)
		if (!strcmp(row->path, path))
			return row;
	return NULL;
}

/* The field whose hex stands at @at; ours are there without their wxguard. */
static const struct ecs_field *find_hostile(const char *prefix, const char *at)
{
	char path[128] = "";
	const struct ecs_field *row;

	if (strlen(prefix) + strlen(at) >= sizeof(path))
		return NULL;
	strcat(strcat(path, prefix), at);
	row = find(path);
	return row && row->hostile ? row : NULL;
}

const struct ecs_field *ecs_field_find(const char *path)
{
	const char *at;

	if (!strncmp(path, ANCESTORS "raw.", strlen(ANCESTORS "raw.")))
		return find_hostile(ANCESTORS, path + strlen(ANCESTORS "raw.")) ?
			       find(RAW) : NULL;
	if (strncmp(path, "wxguard.raw.", strlen("wxguard.raw.")))
		return find(path);
	at = path + strlen("wxguard.raw.");
	return find_hostile("", at) || find_hostile("wxguard.", at) ? find(RAW) : NULL;
}

const char *ecs_type_name(enum ecs_type type)
{
	static const char *const names[] = {
		[ECS_KEYWORD] = "keyword", [ECS_TEXT] = "text", [ECS_LONG] = "long",
		[ECS_FLOAT] = "float", [ECS_BOOLEAN] = "boolean", [ECS_DATE] = "date",
	};

	return names[type];
}
