/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel said, as JSON, complete and with stable keys: for the CLI's
 * -j and for tests. Keys are never renamed; new ones may be added. 64-bit
 * numbers that may pass 2^63 (addresses, arguments, capability sets, inodes)
 * are strings: inodes in decimal, the others as "0x...". What is not known is
 * null; "memory", "exec", "syscall", "repeat", "target", "writer" and each
 * "file" are null as a whole when the finding has none.
 *
 * finding: seq class action verdict mode generation flags[] time time_real
 *	time_boot window process ancestors[{pid start comm exe}]
 *	syscall{nr name arch args[6] return}
 *	memory{address size prot_before prot_asked prot_asked_raw
 *		prot_effective region origin file}
 *	exec{filename file origin name seals[] round script}
 *	repeat{of count last} tamper target writer scope raw
 * target, writer: pid start uid comm exe raw
 * process: pid tid vpid start comm exe exe_file args[] cwd uid euid gid
 *	loginuid sessionid cap_effective cap_permitted cgroup pidns mntns
 * file: path dev ino generation ctime mtime size mode uid gid nlink magic
 * raw: only where bytes were no UTF-8: the same keys, with hex
 *
 * New references; NULL when out of memory.
 */
#ifndef WXG_LIB_RAW_JSON_H
#define WXG_LIB_RAW_JSON_H

#include <jansson.h>

#include "client.h"

json_t *finding_json(const struct finding *finding);
json_t *loss_json(const struct finding_loss *loss);	/* {"lost":{first,last,count}} */
json_t *status_json(const struct client_status *status);
json_t *known_json(const struct client_known *known);
json_t *class_json(const struct client_class *class);
json_t *exemption_json(const struct client_exemption *exemption);
json_t *scope_json(const struct client_scope *scope);
json_t *rules_json(const struct client_rules *rules);

/* Names of the set bits (1 << class), as ["rwx_mprotect", ...]. */
json_t *class_bits_json(uint32_t classes);

#endif
