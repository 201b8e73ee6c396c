// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which processes have the memory file of a finding mapped now, from
 * /proc/PID/maps. Asked here and not by the daemon: a process can keep whoever
 * reads its maps waiting. Only reads; bounded by time.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/json_out.h"
#include "../lib/json_text.h"
#include "daemon.h"
#include "doc.h"
#include "explain.h"

#define PATIENCE_MS 60
#define MAPPERS_MAX 16

struct search {
	unsigned int major, minor;
	uint64_t ino;
	json_t *list;
	uint64_t looked, more;
	int error;
};

/* The memory file that the finding is about; false if it is about none. */
static bool file_of(const json_t *doc, struct search *search)
{
	const char *origin = doc_string(doc, doc_get(doc, "wxguard.exec") ?
					"wxguard.exec.origin" : "wxguard.memory.origin");
	char *end;

	if (!*origin || !strcmp(origin, "file") ||
	    sscanf(doc_string(doc, "file.device"), "%x:%x", &search->major, &search->minor) != 2)
		return false;
	search->ino = strtoull(doc_string(doc, "file.inode"), &end, 10);
	return end != doc_string(doc, "file.inode");
}

static void note(struct search *search, uint32_t pid, const char *protection)
{
	char path[40], name[32];
	ssize_t len = -1;
	json_t *one;
	int fd;

	if (json_array_size(search->list) >= MAPPERS_MAX) {
		search->more++;
		return;
	}
	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, name, sizeof(name));
		close(fd);
	}
	if (len > 0 && name[len - 1] == '\n')
		len--;
	one = json_pack("{s:I, s:s}", "pid", (json_int_t)pid, "protection", protection);
	if (len > 0)
		search->error |= json_put_text(one, "name", "name_hex",
					       (struct bytes){ (const uint8_t *)name, (size_t)len });
	search->error |= json_array_append_new(search->list, one);
}

/* The kernel writes a line break in a path as \012, so that a line is one. */
static void look_at(struct search *search, uint32_t pid)
{
	char path[40], protection[8], *line = NULL;
	unsigned int major, minor;
	size_t size = 0;
	uint64_t ino;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/maps", pid);
	in = fopen(path, "re");
	search->looked += in != NULL;
	while (in && getline(&line, &size, in) > 0) {
		if (sscanf(line, "%*x-%*x %4s %*x %x:%x %" SCNu64, protection, &major, &minor,
			   &ino) != 4 || ino != search->ino ||
		    major != search->major || minor != search->minor)
			continue;
		note(search, pid, protection);
		break;
	}
	free(line);
	if (in)
		fclose(in);
}

/*
 * true: everybody was looked at. @first: whose finding it is, who has it most
 * likely, so that the time cannot be over before its turn; 0 = nobody.
 */
static bool look_at_all(struct search *search, uint32_t first)
{
	uint64_t deadline = daemon_clock_ms() + PATIENCE_MS;
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool over = !dir;
	uint32_t pid;
	char end;

	if (first)
		look_at(search, first);
	while (!over && (entry = readdir(dir))) {
		if (sscanf(entry->d_name, "%" SCNu32 "%c", &pid, &end) == 1 &&
		    pid != first)
			look_at(search, pid);
		over = daemon_clock_ms() > deadline;
	}
	if (dir)
		closedir(dir);
	return !over;
}

int explain_mappers(struct explain *explain)
{
	struct search search = { 0 };
	uint32_t pid = 0;
	uint64_t start;
	json_t *out;
	bool all;

	if (!file_of(explain->doc, &search))
		return 0;
	out = json_object();
	if (!explain_is_this_boot(explain->doc))
		return json_put(out, "missing", json_string("the finding is of an earlier boot")) |
		       json_put(explain->out, "mappers", out);
	search.list = json_array();
	if (!explain_process(explain->doc, &pid, &start))
		pid = 0;
	all = look_at_all(&search, pid);
	search.error |= json_put(out, "processes", search.list);
	search.error |= json_put(out, "looked", json_integer((json_int_t)search.looked));
	search.error |= json_put(out, "more", json_integer((json_int_t)search.more));
	search.error |= json_put(out, "complete", json_boolean(all));
	return search.error | json_put(explain->out, "mappers", out);
}
