// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Container from cgroup path. Pure. The outermost match counts: below it the
 * container itself names the cgroups, and could name another container.
 */
#include "names.h"

#include <string.h>

enum id_form {
	ID_HEX64,	/* 64 lower-case hex digits */
	ID_NAME,	/* [A-Za-z0-9._-]+, systemd's \x2d understood */
};

/* One path component; parent "" = any. First match wins, so order counts. */
struct pattern {
	const char *parent, *prefix, *suffix;
	enum id_form form;
	const char *runtime;
};

static const struct pattern patterns[] = {
	{ "", "docker-", ".scope", ID_HEX64, "docker" },
	{ "docker", "", "", ID_HEX64, "docker" },
	{ "", "cri-containerd-", ".scope", ID_HEX64, "containerd" },
	{ "", "nerdctl-", ".scope", ID_HEX64, "containerd" },
	{ "", "crio-", ".scope", ID_HEX64, "cri-o" },
	{ "", "crio-", "", ID_HEX64, "cri-o" },
	{ "", "libpod-", ".scope", ID_HEX64, "podman" },
	{ "", "libpod-", "", ID_HEX64, "podman" },
	{ "", "runc-", ".scope", ID_NAME, "runc" },
	{ "", "crun-", ".scope", ID_NAME, "crun" },
	{ "machine.slice", "systemd-nspawn@", ".service", ID_NAME,
	  "systemd-nspawn" },
	/* Virtual machines register here too; their names start with qemu. */
	{ "machine.slice", "machine-qemu", ".scope", ID_NAME, NULL },
	{ "machine.slice", "machine-", ".scope", ID_NAME, "systemd-nspawn" },
	{ "", "lxc.payload.", "", ID_NAME, "lxc" },
	{ "lxc.payload", "", "", ID_NAME, "lxc" },
	{ "lxc", "", "", ID_NAME, "lxc" },
	{ "", "", ".scope", ID_HEX64, "unknown" },
	{ "", "", "", ID_HEX64, "unknown" },
};

static bool is_name_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static bool take_hex64(struct bytes in, char *id)
{
	size_t i;

	if (in.len != 64)
		return false;
	for (i = 0; i < 64; i++) {
		uint8_t c = in.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		id[i] = (char)c;
	}
	id[64] = '\0';
	return true;
}

static bool take_name(struct bytes in, char *id)
{
	size_t i = 0, len = 0;

	while (i < in.len) {
		uint8_t c = in.data[i++];

		if (c == '\\' && in.len - i >= 3 &&
		    !memcmp(in.data + i, "x2d", 3)) {
			c = '-';
			i += 3;
		}
		if (!is_name_char(c) || len + 1 >= NAMES_CONTAINER_ID_MAX)
			return false;
		id[len++] = (char)c;
	}
	id[len] = '\0';
	return len > 0;
}

static bool equals(struct bytes in, const char *text)
{
	return in.len == strlen(text) && !memcmp(in.data, text, in.len);
}

static bool match(const struct pattern *pattern, struct bytes parent,
		  struct bytes part, char *id)
{
	size_t prefix = strlen(pattern->prefix);
	size_t suffix = strlen(pattern->suffix);
	struct bytes middle;

	if (pattern->parent[0] && !equals(parent, pattern->parent))
		return false;
	if (part.len <= prefix + suffix ||
	    memcmp(part.data, pattern->prefix, prefix) ||
	    memcmp(part.data + part.len - suffix, pattern->suffix, suffix))
		return false;
	middle.data = part.data + prefix;
	middle.len = part.len - prefix - suffix;
	return pattern->form == ID_HEX64 ? take_hex64(middle, id) :
					   take_name(middle, id);
}

static const struct pattern *match_any(struct bytes parent, struct bytes part,
				       char *id)
{
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (match(&patterns[i], parent, part, id))
			return &patterns[i];
	return NULL;
}

bool names_container(struct bytes cgroup, char id[NAMES_CONTAINER_ID_MAX],
		     const char **runtime)
{
	struct bytes parent = { (const uint8_t *)"", 0 };
	size_t at = 0;

	if (!cgroup.data)
		return false;
	while (at < cgroup.len) {
		const uint8_t *start = cgroup.data + at;
		const uint8_t *slash = memchr(start, '/', cgroup.len - at);
		struct bytes part = { start, slash ? (size_t)(slash - start) :
						     cgroup.len - at };
		const struct pattern *found;

		found = part.len ? match_any(parent, part, id) : NULL;
		if (found) {
			*runtime = found->runtime;
			return found->runtime != NULL;
		}
		if (part.len)
			parent = part;
		at += part.len + 1;
	}
	return false;
}
