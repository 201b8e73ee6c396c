// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See respond.h. nftables is told through its own program, started without a
 * shell; the rules stand in a table of our own, so that nobody else's change.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/text.h"
#include "respond.h"

#define TABLE "inet wxguard_respond"
#define MARK "wxguard:"
#define ANSWER_MAX (1 << 18)

static const char *const programs[] = { "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft" };

int respond_cgroup(uint32_t pid, char cgroup[RESPOND_CGROUP_MAX])
{
	char path[40], line[RESPOND_CGROUP_MAX + 8];
	FILE *in;
	int error = -ENOENT;

	snprintf(path, sizeof(path), "/proc/%u/cgroup", pid);
	in = fopen(path, "re");
	if (!in)
		return -errno;
	while (error == -ENOENT && fgets(line, sizeof(line), in)) {
		if (strncmp(line, "0::/", 4) || !strchr(line, '\n'))
			continue;
		line[strcspn(line, "\n")] = '\0';
		error = strlen(line + 3) < RESPOND_CGROUP_MAX ? 0 : -ENAMETOOLONG;
		if (!error)
			strcpy(cgroup, line + 3);
	}
	fclose(in);
	return error;
}

/* Is @inner the group itself, or below it? */
static bool is_within(const char *inner, const char *group)
{
	size_t len = strlen(group);

	return !strncmp(inner, group, len) && (!inner[len] || inner[len] == '/');
}

int respond_may_isolate(const char *cgroup, const char *own, char why[RESPOND_WHY_MAX])
{
	const char *at;

	if (!strcmp(cgroup, "/")) {
		snprintf(why, RESPOND_WHY_MAX, "it is in no control group of its own; cutting off the root group would cut off the host; use --stop or --kill");
		return -EINVAL;
	}
	if (is_within(own, cgroup)) {
		snprintf(why, RESPOND_WHY_MAX, "this command runs in the same control group, and so may the connection that you type through; use --stop or --kill");
		return -EINVAL;
	}
	for (at = cgroup; *at; at++)
		if (*at < 0x20 || *at > 0x7e || *at == '"')
			break;
	if (!*at)
		return 0;
	snprintf(why, RESPOND_WHY_MAX, "the name of its control group has characters that nftables does not take; use --stop or --kill");
	return -EINVAL;
}

static unsigned int depth(const char *cgroup)
{
	unsigned int count = 0;

	for (; *cgroup; cgroup++)
		count += *cgroup == '/';
	return count;
}

char *respond_rules(const char *cgroup, const char *id)
{
	static const char *const chains[] = { "input", "output" };
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("add table " TABLE "\n", out);
	for (i = 0; i < 2; i++)
		fprintf(out, "add chain " TABLE " %s { type filter hook %s priority -300; policy accept; }\n",
			chains[i], chains[i]);
	for (i = 0; i < 2; i++)
		fprintf(out, "add rule " TABLE " %s socket cgroupv2 level %u \"%s\" counter drop comment \"" MARK "%s\"\n",
			chains[i], depth(cgroup), cgroup + 1, id);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

/* A line of a chain: "... comment "wxguard:ID" # handle 4" */
static void undo_line(FILE *out, const char *chain, const char *line, const char *id,
		      unsigned int *rules, unsigned int *others)
{
	const char *mark = strstr(line, "comment \"" MARK), *handle = strstr(line, "# handle ");
	char *end;
	unsigned long number = handle ? strtoul(handle + 9, &end, 10) : 0;

	if (!mark || !number)
		return;
	mark += strlen("comment \"" MARK);
	if (strncmp(mark, id, strlen(id)) || mark[strlen(id)] != '"') {
		++*others;
		return;
	}
	++*rules;
	fprintf(out, "delete rule " TABLE " %s handle %lu\n", chain, number);
}

char *respond_undo_rules(const char *listing, const char *id, unsigned int *rules,
			 unsigned int *others)
{
	char *text = NULL, *copy = strdup(listing), *rest = copy, *line, chain[32] = "";
	size_t size;
	FILE *out = copy ? open_memstream(&text, &size) : NULL;

	*rules = *others = 0;
	while (out && (line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		if (sscanf(line, "chain %31s {", chain) == 1)
			continue;
		undo_line(out, chain, line, id, rules, others);
	}
	if (out && *rules && !*others)
		fputs("delete table " TABLE "\n", out);
	free(copy);
	if (!out || fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int wait_for(pid_t child)
{
	int status = -1;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t len;

	while (used < size - 1 && (len = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)len;
	text[used] = '\0';
}

static const char *find_nft(void)
{
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (!access(programs[i], X_OK))
			return programs[i];
	return NULL;
}

/* Run nft with @argv and what @commands holds as its input; its words into @said. */
static int run_nft(char *const argv[], const char *commands, char *said, size_t size)
{
	char *const environment[] = { "LC_ALL=C", NULL };
	const char *program = find_nft();
	posix_spawn_file_actions_t actions;
	int in = -1, ends[2];
	pid_t child;
	int error;

	if (!program)
		return -ENOENT;
	if (commands) {
		size_t len = strlen(commands);

		in = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (in < 0 || write(in, commands, len) != (ssize_t)len || lseek(in, 0, SEEK_SET)) {
			snprintf(said, size, "a temporary file cannot be written");
			if (in >= 0)
				close(in);
			return -EIO;
		}
	}
	if (pipe2(ends, O_CLOEXEC)) {
		if (in >= 0)
			close(in);
		return -EIO;
	}
	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	else
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	error = posix_spawn(&child, program, &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (in >= 0)
		close(in);
	if (!error)
		read_all(ends[0], said, size);
	close(ends[0]);
	return error ? -EIO : wait_for(child) ? -EIO : 0;
}

static int explain_nft(int error, const char *said, char why[RESPOND_WHY_MAX])
{
	char first[200];

	if (error == -ENOENT) {
		snprintf(why, RESPOND_WHY_MAX, "nft is not installed, and it is what cuts a control group off; install nftables, or use --stop or --kill");
		return error;
	}
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(said, "\n"), said);
	text_inert(first);
	snprintf(why, RESPOND_WHY_MAX, "nftables refused it: %s (it needs Linux 5.13 or later with CONFIG_NFT_SOCKET)",
		 first);
	return error;
}

/* What is there, "" if nothing is. */
static int list_table(char *listing, size_t size)
{
	char *const argv[] = { "nft", "-a", "list", "table", "inet", "wxguard_respond", NULL };
	int error = run_nft(argv, NULL, listing, size);

	if (error == -EIO)
		*listing = '\0';
	return error == -ENOENT ? error : 0;
}

static int tell(const char *commands, char why[RESPOND_WHY_MAX])
{
	static char said[4096];
	char *const argv[] = { "nft", "-f", "-", NULL };
	int error = commands ? run_nft(argv, commands, said, sizeof(said)) : -ENOMEM;

	return error ? explain_nft(error, said, why) : 0;
}

int respond_isolate(const char *cgroup, const char *id, char why[RESPOND_WHY_MAX])
{
	static char listing[ANSWER_MAX];
	unsigned int rules, others;
	char *commands;
	int error = list_table(listing, sizeof(listing));

	if (error)
		return explain_nft(error, "", why);
	free(respond_undo_rules(listing, id, &rules, &others));
	if (rules) {
		snprintf(why, RESPOND_WHY_MAX, "it is cut off already");
		return -EEXIST;
	}
	commands = respond_rules(cgroup, id);
	error = tell(commands, why);
	free(commands);
	return error;
}

int respond_rejoin(const char *id, char why[RESPOND_WHY_MAX])
{
	static char listing[ANSWER_MAX];
	unsigned int rules = 0, others;
	char *commands;
	int error = list_table(listing, sizeof(listing));

	if (error)
		return explain_nft(error, "", why);
	commands = respond_undo_rules(listing, id, &rules, &others);
	if (!rules) {
		snprintf(why, RESPOND_WHY_MAX, "nothing was cut off because of this finding");
		error = -ENOENT;
	} else {
		error = tell(commands, why);
	}
	free(commands);
	return error;
}
