// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the sockets of a process are: /proc/PID/net has the tables of the very
 * network namespace that the process is in, so that a container's are had
 * without entering it, with no socket and no right of our own. One that a
 * socket's owner could have made look like another is not described: the path
 * of a local socket may hold a line break, and then something like a line.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/json_out.h"
#include "../lib/json_text.h"
#include "moment_impl.h"

#define LOOK_EACH 64
#define ADDRESS_MAX (INET6_ADDRSTRLEN + 8)

static const char *state_name(const char *type, unsigned int state)
{
	static const char *const names[] = {
		"", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
		"TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RECV",
	};

	if (strncmp(type, "tcp", 3))
		return state == 1 ? "connected" : "unconnected";
	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "";
}

/* "0100007F" and a port as "127.0.0.1:80"; groups of 32 bits in host order. */
static bool address(const char *hex, unsigned int port, char out[ADDRESS_MAX])
{
	size_t words = strlen(hex) / 8, i;
	char text[INET6_ADDRSTRLEN];
	uint32_t raw[4];

	if (words != 1 && words != 4)
		return false;
	for (i = 0; i < words; i++)
		if (sscanf(hex + 8 * i, "%8" SCNx32, &raw[i]) != 1)
			return false;
	if (!inet_ntop(words == 1 ? AF_INET : AF_INET6, raw, text, sizeof(text)))
		return false;
	snprintf(out, ADDRESS_MAX, words == 1 ? "%s:%u" : "[%s]:%u", text, port);
	return true;
}

/* The socket with this inode, if the process has it open. */
static struct moment_socket *find(struct moment *moment, uint64_t inode)
{
	unsigned int i;

	for (i = 0; i < moment->sockets; i++)
		if (moment->socket[i].inode == inode)
			return &moment->socket[i];
	return NULL;
}

/* tcp, udp, raw, and the same with a 6. */
static json_t *inet_line(struct moment *moment, const char *type, const char *line,
			 struct moment_socket **socket)
{
	char local[33], remote[33], here[ADDRESS_MAX], there[ADDRESS_MAX];
	unsigned int port, other, state;
	uint64_t inode;
	json_t *json;

	if (sscanf(line, " %*u: %32[0-9A-F]:%x %32[0-9A-F]:%x %x %*x:%*x %*x:%*x %*x %*u %*u %" SCNu64,
		   local, &port, remote, &other, &state, &inode) != 6)
		return NULL;
	*socket = find(moment, inode);
	if (!*socket || !address(local, port, here) || !address(remote, other, there))
		return NULL;
	json = json_pack("{s:s, s:s, s:s}", "type", type, "state", state_name(type, state),
			 "local", here);
	/* Nobody is there: all zero. */
	if (other || strspn(remote, "0") != strlen(remote))
		json_put(json, "remote", json_string(there));
	return json;
}

static json_t *unix_line(struct moment *moment, const char *type, const char *line,
			 struct moment_socket **socket)
{
	unsigned int flags, kind, state;
	uint64_t inode;
	int end = 0;
	json_t *json;

	(void)type;
	if (sscanf(line, "%*x: %*x %*x %x %x %x %" SCNu64 "%n", &flags, &kind, &state, &inode,
		   &end) != 4)
		return NULL;
	*socket = find(moment, inode);
	if (!*socket)
		return NULL;
	json = json_pack("{s:s, s:s}", "type", "unix", "state", flags & 0x10000 ? "LISTEN" :
			 state == 3 ? "connected" : "unconnected");
	for (line += end; *line == ' '; line++)
		;
	if (*line)
		json_put_text(json, "local", "local_hex",
			      (struct bytes){ (const uint8_t *)line, strlen(line) });
	return json;
}

struct table {
	const char *file, *type;
	json_t *(*read)(struct moment *moment, const char *type, const char *line,
			struct moment_socket **socket);
};

static const struct table tables[] = {
	{ "net/tcp", "tcp", inet_line }, { "net/tcp6", "tcp6", inet_line },
	{ "net/udp", "udp", inet_line }, { "net/udp6", "udp6", inet_line },
	{ "net/raw", "raw", inet_line }, { "net/raw6", "raw6", inet_line },
	{ "net/unix", "unix", unix_line },
};

/*
 * A line may come twice when sockets come and go while the table is read; in
 * the tables of addresses, where nobody can make one up, the later holds. One
 * of local sockets is believed of no other, and of its own only if there is no
 * second that says something else: one of the two is made up.
 */
static void found(struct moment_socket *socket, json_t *json, bool inet)
{
	if (socket->ambiguous || (socket->inet && !inet) ||
	    (!inet && json_equal(socket->json, json))) {
		json_decref(json);
		return;
	}
	if (socket->json && !inet) {
		json_decref(json);
		json = json_pack("{s:s, s:s}", "type", "unix", "state", "ambiguous");
		socket->ambiguous = true;
	}
	json_decref(socket->json);
	socket->json = json;
	socket->inet = inet;
}

/* false: there was no time to read it to its end. */
static bool read_table(struct moment *moment, const struct table *table)
{
	int fd = openat(moment->proc, table->file, O_RDONLY | O_CLOEXEC);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	struct moment_socket *socket = NULL;
	unsigned int count = 0;
	bool over = moment_is_over(moment);
	char *line = NULL;
	size_t size = 0;
	json_t *json;

	while (in && !over && getline(&line, &size, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		json = table->read(moment, table->type, line, &socket);
		if (json)
			found(socket, json, table->read == inet_line);
		over = ++count % LOOK_EACH == 0 && moment_is_over(moment);
	}
	free(line);
	if (in)
		fclose(in);
	return !over;
}

/* @whole: all tables were read, so that it is in none of those. */
static json_t *list_sockets(struct moment *moment, bool whole, int *error)
{
	const char *unknown = whole ? "of another family" : "not looked up: no time was left";
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < moment->sockets; i++) {
		struct moment_socket *socket = &moment->socket[i];
		json_t *one = socket->json ? json_incref(socket->json) :
					     json_pack("{s:s, s:s}", "type", "other", "state", unknown);

		*error |= json_put(one, "fd", json_integer(socket->fd));
		*error |= json_array_append_new(list, one);
	}
	return list;
}

json_t *moment_network(struct moment *moment)
{
	bool whole = true;
	json_t *json;
	size_t i;
	int error = 0;

	for (i = 0; moment->sockets && whole && i < sizeof(tables) / sizeof(tables[0]); i++)
		whole = read_table(moment, &tables[i]);
	json = json_object();
	error |= json_put(json, "sockets", list_sockets(moment, whole, &error));
	error |= json_put(json, "more", json_integer((json_int_t)moment->more_sockets));
	error |= json_put(json, "complete", json_boolean(whole));
	return json_finish(json, error);
}
