// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exclusions by content, see pin.h. Reads files of paths that an
 * administrator wrote, or that a finding named and hash.c has read already;
 * talks to no module.
 */
#include "pin.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../../module/core/class.h"
#include "../../module/core/rules.h"
#include "../lib/exe_file.h"
#include "../lib/text.h"
#include "wxguardd.h"

/* The one path that the glob can match, malloc'ed; NULL if there are more. */
static char *literal_path(const char *glob)
{
	char *path = malloc(strlen(glob) + 1), *to = path;

	if (!path || *glob != '/') {
		free(path);
		return NULL;
	}
	for (; *glob; glob++) {
		if (*glob == '*' || *glob == '?') {
			free(path);
			return NULL;
		}
		if (*glob == '\\' && glob[1])
			glob++;
		*to++ = *glob;
	}
	*to = '\0';
	return path;
}

static bool same_state(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* The regular file at @path, where reading cannot wait for ever; or -1. */
static int open_file(const char *path, struct stat *st, const char **why)
{
	struct statfs fs;
	int fd = exe_file_open(path);

	if (fd < 0) {
		*why = fd == -ELOOP ? "a part of the path is a symbolic link; give the real path" :
				      strerrordesc_np(-fd);
		return -1;
	}
	if (fstat(fd, st) || !S_ISREG(st->st_mode))
		*why = "it is no regular file";
	else if (fstatfs(fd, &fs) || !hash_is_local((uint32_t)fs.f_type))
		*why = "it is not on a local file system";
	else
		return fd;
	close(fd);
	return -1;
}

static void say_unpinned(const struct pin *pin, const char *why)
{
	char *quoted = text_quote(text_bytes(pin->path), 300);

	say(CONFIG_WARNING, "exclusion %s: %s: %s; it excludes nothing until that changes",
	    pin->name, quoted ? quoted : "?", why);
	free(quoted);
}

/* Read the file, unless it is as it was when that was done last. */
static bool has_content(struct pin *pin, struct hash *hash, int fd, const struct stat *st)
{
	char hex[HASH_HEX_MAX], wanted[EXE_FILE_HEX_MAX], text[160];
	const char *why = NULL;

	if (pin->looked && same_state(&pin->seen, st))
		return pin->same;
	exe_file_hex(pin->sha256, wanted);
	pin->same = !hash_fd(hash, fd, st, hex, &why) && !strcmp(hex, wanted);
	pin->looked = true;
	pin->seen = *st;
	if (!pin->same) {
		snprintf(text, sizeof(text), why ? "%s" : "the content is another, sha256 %s",
			 why ? why : hex);
		say_unpinned(pin, text);
	}
	return pin->same;
}

static bool is_identity(const struct client_exemption *exemption, const struct stat *st)
{
	return exemption->has_identity && exemption->ino == st->st_ino &&
	       exemption->ctime_sec == st->st_ctim.tv_sec &&
	       exemption->ctime_nsec == (uint32_t)st->st_ctim.tv_nsec;
}

static void take_identity(struct client_exemption *to, const struct client_exemption *from)
{
	to->has_identity = true;
	to->dev = from->dev;
	to->ino = from->ino;
	to->generation = from->generation;
	to->ctime_sec = from->ctime_sec;
	to->ctime_nsec = from->ctime_nsec;
}

/* By path: the file there, or nothing. */
static void fill_literal(struct pin *pin, struct hash *hash, struct client_exemption *exemption,
			 const struct client_exemption *live)
{
	const char *why = NULL;
	struct stat st;
	int fd = open_file(pin->path, &st, &why);

	exemption->has_identity = false;
	if (fd < 0) {
		if (!pin->absent)
			say_unpinned(pin, why);
		pin->absent = true;
		pin->looked = false;
		return;
	}
	pin->absent = false;
	if (!has_content(pin, hash, fd, &st)) {
		close(fd);
	} else if (live && is_identity(live, &st)) {
		take_identity(exemption, live);
		close(fd);
	} else {
		exemption->has_fd = true;
		exemption->fd = fd;
	}
}

/* By content alone: what a finding had, else what is pinned already. */
static void fill_found(const struct pin *pin, struct client_exemption *exemption,
		       const struct client_exemption *live)
{
	if (pin->found) {
		exemption->has_identity = true;
		exemption->dev = pin->dev;
		exemption->ino = pin->ino;
		exemption->generation = pin->generation;
		exemption->ctime_sec = pin->ctime_sec;
		exemption->ctime_nsec = pin->ctime_nsec;
	} else if (live && live->has_identity) {
		take_identity(exemption, live);
	}
}

static const struct client_exemption *find_live(const struct client_rules *live,
						const struct client_exemption *exemption)
{
	unsigned int i;

	for (i = 0; i < live->count; i++)
		if (!strcmp(live->exemption[i].name, exemption->name) &&
		    !strcmp(live->exemption[i].exe, exemption->exe) &&
		    live->exemption[i].has_sha256 &&
		    !memcmp(live->exemption[i].sha256, exemption->sha256,
			    WXGUARD_SHA256_LEN))
			return &live->exemption[i];
	return NULL;
}

/* Move what is known of this exclusion out of the old table, or begin anew. */
static int settle(struct pins *old, const struct client_exemption *exemption, struct pin *pin)
{
	size_t i;

	for (i = 0; i < old->count; i++) {
		struct pin *known = &old->pin[i];

		if (known->exe && !strcmp(known->name, exemption->name) &&
		    !strcmp(known->exe, exemption->exe) &&
		    !memcmp(known->sha256, exemption->sha256, WXGUARD_SHA256_LEN)) {
			*pin = *known;
			known->exe = known->path = NULL;
			break;
		}
	}
	if (i == old->count) {
		snprintf(pin->name, sizeof(pin->name), "%s", exemption->name);
		memcpy(pin->sha256, exemption->sha256, WXGUARD_SHA256_LEN);
		pin->exe = strdup(exemption->exe);
		pin->path = literal_path(exemption->exe);
		pin->literal = pin->path;
	}
	pin->classes = exemption->classes;
	return pin->exe ? 0 : -ENOMEM;
}

static void free_table(struct pin *pin, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(pin[i].exe);
		free(pin[i].path);
	}
	free(pin);
}

void pin_free(struct pins *pins)
{
	free_table(pins->pin, pins->count);
	pins->pin = NULL;
	pins->count = 0;
}

int pin_fill(struct pins *pins, struct hash *hash, struct client_rules *rules,
	     const struct client_rules *live)
{
	struct pin *table = calloc(rules->count + 1, sizeof(*table));
	size_t count = 0;
	unsigned int i;

	if (!table)
		return -ENOMEM;
	for (i = 0; i < rules->count; i++) {
		struct client_exemption *exemption = &rules->exemption[i];
		struct pin *pin = &table[count];

		if (!exemption->has_sha256)
			continue;
		count++;
		if (settle(pins, exemption, pin)) {
			free_table(table, count);
			return -ENOMEM;
		}
		if (pin->literal)
			fill_literal(pin, hash, exemption, find_live(live, exemption));
		else
			fill_found(pin, exemption, find_live(live, exemption));
	}
	pin_free(pins);
	pins->pin = table;
	pins->count = count;
	pins->due = false;
	return 0;
}

void pin_release(struct client_rules *rules)
{
	unsigned int i;

	for (i = 0; i < rules->count; i++) {
		if (rules->exemption[i].has_fd)
			close(rules->exemption[i].fd);
		rules->exemption[i].has_fd = false;
	}
}

static struct pin *find_pin(struct pins *pins, const char *name)
{
	size_t i;

	for (i = 0; i < pins->count; i++)
		if (!strcmp(pins->pin[i].name, name))
			return &pins->pin[i];
	return NULL;
}

/*
 * The kernel took the identity when the set was sent, which is after the file
 * was read: whoever wrote into it in between would be excluded.
 */
bool pin_held(struct pins *pins, struct client_rules *rules)
{
	bool held = true;
	unsigned int i;
	struct stat st;

	for (i = 0; i < rules->count; i++) {
		struct client_exemption *exemption = &rules->exemption[i];
		struct pin *pin = exemption->has_fd ? find_pin(pins, exemption->name) : NULL;

		if (!pin || (!fstat(exemption->fd, &st) && same_state(&pin->seen, &st)))
			continue;
		close(exemption->fd);
		exemption->has_fd = false;
		pin->looked = false;
		pins->due = true;
		held = false;
	}
	return held;
}

bool pin_is_due(struct pins *pins)
{
	const char *why;
	struct stat st;
	size_t i;
	int fd;

	for (i = 0; i < pins->count && !pins->due; i++) {
		const struct pin *pin = &pins->pin[i];

		if (!pin->literal)
			continue;
		fd = open_file(pin->path, &st, &why);
		if (fd >= 0)
			close(fd);
		pins->due = fd < 0 ? !pin->absent :
			    !pin->looked || !same_state(&pin->seen, &st);
	}
	return pins->due;
}

/*
 * Exclusions look at the subject. Of an exec that went through, the finding
 * has the new program in its place, which is another file; but for
 * exec_unknown, whose subject is the executed file itself.
 */
static bool is_subject(const struct finding *finding)
{
	const struct wxg_class *row = wxg_class_lookup(finding->class);
	const struct finding_file *exe = &finding->process.exe_file;

	if (!row || !exe->present)
		return false;
	if (finding->class == WXGUARD_CLASS_EXEC_UNKNOWN)
		return finding->exec_file.present && finding->exec_file.ino == exe->ino &&
		       finding->exec_file.dev == exe->dev;
	return row->kind == WXG_KIND_MEMORY ||
	       finding->verdict == WXGUARD_VERDICT_DENIED ||
	       finding->verdict == WXGUARD_VERDICT_KILLED;
}

/* Is the file that it is pinned to still there, and the same? */
static bool still_there(const struct pin *pin)
{
	const char *why;
	struct stat st;
	int fd = pin->found && pin->path ? open_file(pin->path, &st, &why) : -1;

	if (fd < 0)
		return false;
	close(fd);
	return st.st_ino == pin->ino && st.st_ctim.tv_sec == pin->ctime_sec &&
	       (uint32_t)st.st_ctim.tv_nsec == pin->ctime_nsec;
}

/* The exclusion may name more than the content. */
static bool is_asked_for(const struct pin *pin, struct bytes exe)
{
	return !*pin->exe ||
	       (exe.data && wxg_glob_match(pin->exe, (const char *)exe.data, exe.len));
}

static void found(struct pins *pins, struct pin *pin, const struct finding_process *process)
{
	const struct finding_file *file = &process->exe_file;
	char *path;

	if (pin->found && pin->ino == file->ino && pin->dev == file->dev &&
	    pin->ctime_sec == file->ctime_sec && pin->ctime_nsec == file->ctime_nsec)
		return;
	/* An exclusion has one identity: two copies would take turns for ever. */
	if (still_there(pin))
		return;
	path = process->exe.data ? strndup((const char *)process->exe.data, process->exe.len) : NULL;
	free(pin->path);
	pin->path = path;
	pin->found = true;
	pin->dev = file->dev;
	pin->ino = file->ino;
	pin->generation = file->generation;
	pin->ctime_sec = file->ctime_sec;
	pin->ctime_nsec = file->ctime_nsec;
	pins->due = true;
}

void pin_finding(struct pins *pins, const struct finding *finding)
{
	uint8_t digest[WXGUARD_SHA256_LEN];
	size_t i;

	if (!pins->count || !finding->extra.exe_sha256 || !is_subject(finding) ||
	    exe_file_unhex(finding->extra.exe_sha256, digest))
		return;
	for (i = 0; i < pins->count; i++) {
		struct pin *pin = &pins->pin[i];

		if (!pin->literal && pin->classes & 1U << finding->class &&
		    !memcmp(pin->sha256, digest, sizeof(digest)) &&
		    is_asked_for(pin, finding->process.exe))
			found(pins, pin, &finding->process);
	}
}
