// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process start-up: the lock, the database, fewer privileges. Runs once,
 * before the loop (the database also when it is found damaged later). Never
 * deletes a database.
 */
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine.h"
#include "wxguardd.h"

/* The last folder of @path, if it is not there yet. */
static void make_folder(const char *path, mode_t mode)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	mkdir(folder, mode);
}

/* The descriptor stays open, and with it the lock, until the process ends. */
int start_lock(const char *path)
{
	char pid[16];
	mode_t mask = umask(022);
	int fd, len;

	make_folder(path, 0755);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	umask(mask);
	if (fd < 0) {
		say(CONFIG_ERROR, "cannot open %s: %s", path, strerror(errno));
		return errno == EACCES ? EXIT_PERMISSION : EXIT_FAILED;
	}
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		len = pread(fd, pid, sizeof(pid) - 1, 0);
		pid[len > 0 ? len : 0] = '\0';
		pid[strcspn(pid, "\n")] = '\0';
		say(CONFIG_ERROR, "another wxguardd is running (pid %s, it holds %s); stop that one first",
		    *pid ? pid : "unknown", path);
		close(fd);
		return EXIT_FAILED;
	}
	len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) || pwrite(fd, pid, len, 0) != len)
		say(CONFIG_WARNING, "cannot write the process number into %s: %s",
		    path, strerror(errno));
	return EXIT_OK;
}

/*
 * systemd's unit gives the daemon sockets of the first network and no network
 * of its own. They begin at 3, and are for this process only.
 */
void start_sockets(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	int fd, end = 3;

	if (pid && count && strtol(pid, NULL, 10) == getpid())
		end += (int)strtol(count, NULL, 10);
	for (fd = 3; fd < end; fd++) {
		if (fcntl(fd, F_SETFD, FD_CLOEXEC))
			break;	/* there are no more */
		if (client_lend(fd))
			say(CONFIG_WARNING, "descriptor %d is no socket of generic netlink, and is not used",
			    fd);
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

/* A damaged one is renamed; what then has to be done stands in the new one. */
static int start_anew(struct wxguardd *d, const char *damage)
{
	char aside[PATH_MAX], why[STORE_WHY_MAX];
	int error;

	say(CONFIG_ERROR, "%s", damage);
	if (store_set_aside(d->config.store, clock_real_s(), aside, sizeof(aside), why)) {
		say(CONFIG_ERROR, "%s", why);
		return EXIT_FAILED;
	}
	say(CONFIG_WARNING, "the damaged database was renamed to %.200s; starting with an empty one",
	    aside);
	error = store_open(d->config.store, STORE_WRITE, &d->store, why);
	if (!error) {
		error = store_meta_set(d->store, META_RESET_ASIDE, aside);
		if (error)
			snprintf(why, sizeof(why), "%.500s", store_error(d->store));
	}
	if (error)
		say(CONFIG_ERROR, "%s", why);
	return error ? EXIT_FAILED : EXIT_OK;
}

int start_store(struct wxguardd *d)
{
	char why[STORE_WHY_MAX];
	int error, result = EXIT_OK;

	make_folder(d->config.store, 0750);
	error = store_open(d->config.store, STORE_WRITE, &d->store, why);
	if (error == -EUCLEAN) {
		result = start_anew(d, why);
	} else if (error) {
		say(CONFIG_ERROR, "%s", why);
		result = EXIT_FAILED;
	}
	if (result != EXIT_OK)
		return result;
	if (store_set_fsync(d->store, d->config.fsync)) {
		say(CONFIG_ERROR, "%s", store_error(d->store));
		return EXIT_FAILED;
	}
	if (store_meta_get_u64(d->store, STORE_META_LEARN_UNTIL, &d->learn_until))
		d->learn_until = 0;
	sinks_init(d->sinks, &d->config, d->store);
	return EXIT_OK;
}

void start_control(struct wxguardd *d, const struct control_groups *groups)
{
	struct control_module module = link_for_readers;
	int error;

	module.arg = d;
	error = control_open(&d->readers, RELAY_PATH, &module);
	if (error)
		say(CONFIG_WARNING, "there is no control socket " RELAY_PATH " (%s): nobody but root reads",
		    strerror(-error));
	control_set_groups(&d->readers, groups);
}

/*
 * What is kept, and why: NET_ADMIN for every request to the module;
 * SYS_PTRACE to follow /proc/PID/exe and fd of other users' processes, and
 * DAC_READ_SEARCH to read what exe leads to and to list fd: to hash
 * executables, and to note what a process had open (moment.h).
 * Files that the daemon writes belong to it.
 */
int start_confine(void)
{
	int error;

	umask(027);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		say(CONFIG_ERROR, "cannot give up new privileges: %s", strerror(errno));
		return EXIT_FAILED;
	}
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET,
			  CAP_NET_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, -1)) {
		say(CONFIG_ERROR, "cannot choose capabilities");
		return EXIT_FAILED;
	}
	/* Without SETPCAP (a container) the bounding set stays as it is. */
	if (capng_apply(CAPNG_SELECT_BOTH) && capng_apply(CAPNG_SELECT_CAPS)) {
		say(CONFIG_ERROR, "cannot drop capabilities; the daemon needs to be started as root");
		return EXIT_PERMISSION;
	}
	/* A kernel without filters is no reason to lose findings. */
	error = confine_calls();
	if (error)
		say(CONFIG_WARNING, "this kernel does not filter system calls (%s): the daemon runs without that",
		    strerror(-error));
	return EXIT_OK;
}
