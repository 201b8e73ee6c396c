// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks the module, in the guest, with no more than the client library:
 *
 *	state fill N      N more executables are known; prints how many are
 *	state facts       NAME VALUE, one per line: findings made and lost
 *	state seen PATH   how often PATH was seen, as the known set has it
 *	state rules N     N exemptions, none of which is for what is measured
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

static struct client *client;
static struct client_status status;

static int failed(const char *what, const char *why)
{
	fprintf(stderr, "state: %s: %s\n", what, why);
	return 1;
}

/* Files are made, entered and removed: what is known is their identity. */
static int fill(long count)
{
	struct client_known known = { .classes = 1U << WXGUARD_CLASS_RWX_MPROTECT };
	long i;

	known.first_seen = known.last_seen = (uint64_t)time(NULL);
	for (i = 0; i < count; i++) {
		int fd = open("state.tmp", O_CREAT | O_RDWR | O_EXCL, 0700);

		known.path_len = snprintf((char *)known.path, sizeof(known.path),
					  "/usr/lib/programs/of/usual/length/%ld", i);
		if (fd < 0 || client_known_add(client, fd, &known))
			return failed("not entered", client_error(client));
		close(fd);
		unlink("state.tmp");
	}
	if (client_status(client, &status))
		return failed("no status", client_error(client));
	printf("%u\n", status.known_count);
	return 0;
}

static int facts(void)
{
	if (client_status(client, &status))
		return failed("no status", client_error(client));
	printf("findings %llu\n", (unsigned long long)status.seq);
	printf("lost %llu\n", (unsigned long long)(status.lost_overflow + status.lost_nomem));
	printf("unjudged %llu\n", (unsigned long long)status.unjudged);
	return 0;
}

static int add_up(const struct client_known *known, void *arg)
{
	const char *path = arg;

	if (known->path_len == strlen(path) &&
	    memcmp(known->path, path, known->path_len) == 0)
		printf("%llu\n", (unsigned long long)known->count);
	return 0;
}

static int seen(char *path)
{
	if (client_known_list(client, add_up, path))
		return failed("no list", client_error(client));
	return 0;
}

static int rules(unsigned int count)
{
	static struct client_rules rules;
	struct client_exemption *one;
	uint32_t generation;
	unsigned int i;

	if (client_rules_get(client, &rules))
		return failed("no rules", client_error(client));
	one = calloc(count, sizeof(*one));
	if (!one)
		return failed("no memory", "for the rules");
	for (i = 0; i < count; i++) {
		snprintf(one[i].name, sizeof(one[i].name), "rule-%u", i);
		snprintf(one[i].exe, sizeof(one[i].exe), "/opt/program-%u/**", i);
		snprintf(one[i].reason, sizeof(one[i].reason), "to be compared");
		one[i].classes = 1U << WXGUARD_CLASS_RWX_MPROTECT |
				 1U << WXGUARD_CLASS_EXEC_MEMORY;
	}
	rules.exemption = one;
	rules.count = count;
	if (client_rules_set(client, &rules, 0, false, &generation))
		return failed("not set", client_error(client));
	return 0;
}

int main(int argc, char **argv)
{
	char why[256];

	if (client_open(&client, why, sizeof(why)))
		return failed("no module", why);
	if (argc == 3 && strcmp(argv[1], "fill") == 0)
		return fill(atol(argv[2]));
	if (argc == 2 && strcmp(argv[1], "facts") == 0)
		return facts();
	if (argc == 3 && strcmp(argv[1], "seen") == 0)
		return seen(argv[2]);
	if (argc == 3 && strcmp(argv[1], "rules") == 0)
		return rules(atol(argv[2]));
	return failed("usage", "state fill N | facts | seen PATH | rules N");
}
