// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sentences and exit codes that the verbs share, and the door to the
 * module. Never exits; the verb returns the code.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/config.h"
#include "../lib/json_out.h"
#include "../lib/text.h"
#include "ctl.h"

#define CTL_WHY_MAX 512

int ctl_fail(int code, const char *format, ...)
{
	va_list args;

	fputs("wxguard: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

static int not_connected(int error, const char *why)
{
	if (error == -ENOENT)
		return ctl_fail(CTL_NO_MODULE, "%s", why);
	if (error == -EPERM || error == -EACCES)
		return ctl_fail(CTL_PERMISSION, "%s", why);
	return ctl_fail(CTL_FAILED, "%s", why);
}

int ctl_connect(struct client **client)
{
	char why[CTL_WHY_MAX] = "";
	int error = client_reach(client, why, sizeof(why));

	return error ? not_connected(error, why) : 0;
}

int ctl_connect_to_decide(struct client **client)
{
	char why[CTL_WHY_MAX] = "";
	int error = client_open(client, why, sizeof(why));

	if (error == -EPERM)
		return ctl_fail(CTL_PERMISSION, CTL_NEEDS_ROOT);
	return error ? not_connected(error, why) : 0;
}

int ctl_refused(const struct client *client, int error, const char *what)
{
	int code = CTL_FAILED;

	if (error == -EPERM || error == -EACCES)
		code = CTL_PERMISSION;
	else if (error == -ENOENT)
		code = CTL_NOT_FOUND;
	return ctl_fail(code, "%s%s%s", what ? what : "", what ? ": " : "",
			client_error(client));
}

int ctl_config(struct config *config)
{
	char why[CONFIG_WHY_MAX];
	int error = config_load(NULL, config, why);

	if (!error)
		return 0;
	if (error == -EACCES || error == -EPERM)
		return ctl_fail(CTL_PERMISSION, "%s", why);
	return ctl_fail(CTL_INVALID, "%s", why);
}

int ctl_unread(int error)
{
	return error == -ENOENT ? CTL_NOT_FOUND :
	       error == -EACCES || error == -EPERM ? CTL_PERMISSION : CTL_FAILED;
}

int ctl_unwritten(const char *path, int error)
{
	char *shown = text_quote(text_bytes(path), 0);
	int code = ctl_fail(error == -EACCES || error == -EPERM || error == -EROFS ?
			    CTL_PERMISSION : CTL_FAILED, "%s could not be written: %s",
			    shown ? shown : "?", strerror(-error));

	free(shown);
	return code;
}

int ctl_print_json(json_t *json)
{
	char *line = json ? json_line(json, NULL) : NULL;

	json_decref(json);
	if (!line)
		return ctl_fail(CTL_FAILED, "out of memory");
	puts(line);
	free(line);
	return CTL_OK;
}

int ctl_flush(void)
{
	if (fflush(stdout) || ferror(stdout))
		return ctl_fail(CTL_FAILED, "the output could not be written: %s",
				strerror(errno));
	return CTL_OK;
}
