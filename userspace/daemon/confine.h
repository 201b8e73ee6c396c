/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter of system calls, which nothing takes off again.
 */
#ifndef WXG_DAEMON_CONFINE_H
#define WXG_DAEMON_CONFINE_H

/*
 * From here on the process has the system calls of a logger: files, the
 * sockets of its own kind, time, memory that is not writable and executable
 * at once. Any other fails with EPERM, so that what was not thought of is an
 * error which the daemon tells and retries, and no finding is lost to it;
 * what only an intruder would do ends the process. Needs no_new_privs.
 * 0 or -errno; -ENOSYS where no filter is written for this machine.
 */
int confine_calls(void);

#endif
