// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See moment.h. Runs in the daemon's only thread while findings wait, so
 * every part has an end: of time, of files, of sockets. Only reads; needs the
 * capabilities that hashing executables needs anyway. Whatever would take the
 * process's own lock on its memory (maps, cmdline) may not be read here: a
 * process can keep that for as long as it likes.
 */
#include "moment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/json_out.h"
#include "../lib/proc_same.h"
#include "moment_impl.h"

#define NS_PER_MS 1000000
#define TAKE_MAX (UINT64_C(50) * NS_PER_MS)
/* A tenth of the time; what was not used is kept for so long. */
#define SHARE 10
#define LEFT_MAX (UINT64_C(150) * NS_PER_MS)

bool moment_is_over(const struct moment *moment)
{
	return time_share_clock() >= moment->deadline;
}

json_t *moment_missing(const char *why)
{
	return json_pack("{s:s}", "missing", why);
}

/*
 * /proc/PID, and it is the process of the finding: the descriptor stays with
 * the process that it was opened for, so the check comes after.
 */
static int open_process(const struct finding *finding, const char **why)
{
	char path[32];
	int fd, error;

	snprintf(path, sizeof(path), "/proc/%" PRIu32, finding->process.pid);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	error = fd < 0 ? -errno : proc_same(finding->process.pid, finding->process.start);
	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	*why = error == -ESTALE ? "the process was gone, and another one has its number" :
	       error == -ESRCH || error == -ENOENT ? "the process was gone" :
						     "the process could not be looked at";
	return -1;
}

/* In this order: the files say which sockets there are. */
static json_t *gather(struct moment *moment)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "files", moment_files(moment));
	error |= json_put(json, "network", moment_network(moment));
	return json_finish(json, error);
}

static void release(struct moment *moment)
{
	unsigned int i;

	for (i = 0; i < moment->sockets; i++)
		json_decref(moment->socket[i].json);
	close(moment->proc);
}

static json_t *look(const struct finding *finding, uint64_t deadline)
{
	struct moment moment = { .deadline = deadline };
	const char *why = NULL;
	json_t *json;

	moment.proc = open_process(finding, &why);
	if (moment.proc < 0)
		return moment_missing(why);
	json = gather(&moment);
	release(&moment);
	return json;
}

json_t *moment_take(struct time_share *moments, const struct finding *finding,
		    uint64_t boot_now)
{
	uint64_t begun = time_share_clock();
	json_t *json;

	if (!finding_has_process(finding) || finding_is_repeat(finding))
		return NULL;
	if (time_share_left(moments, SHARE, LEFT_MAX, begun) < TAKE_MAX)
		return NULL;
	json = look(finding, begun + TAKE_MAX);
	json_put(json, "delay_ms", boot_now < finding->time_boot ? json_integer(0) :
		 json_integer((json_int_t)((boot_now - finding->time_boot) / NS_PER_MS)));
	time_share_pay(moments, begun);
	return json;
}
