// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguardd: command line and order of start-up. Everything that can be wrong
 * with the configuration is found before anything is touched.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wxguardd.h"

static const char usage[] =
	"usage: wxguardd [--config FILE] [--foreground] [--check] [--version]\n"
	"\n"
	"Writes the findings of the wxguard module to files and journal, and keeps\n"
	"the known executables over a reboot. Stays in the foreground; ends on\n"
	"SIGTERM, reads its configuration and the rules again on SIGHUP.\n"
	"\n"
	"  -c, --config FILE  instead of " CONFIG_PATH "\n"
	"  -f, --foreground   what it does anyway\n"
	"  -n, --check        check configuration and rules, say OK, and end\n"
	"\n"
	"Exit: 0 ended on request, 1 failed, 2 usage, 5 module not loaded,\n"
	"6 permission, 7 configuration or rules invalid.\n";

static int prepare(struct wxguardd *d)
{
	d->names = names_new();
	d->hash = hash_new(d->config.hash_max_size);
	if (!d->names || !d->hash) {
		say(CONFIG_ERROR, "out of memory");
		return EXIT_FAILED;
	}
	if (settings_load_host(d)) {
		say(CONFIG_ERROR, "cannot read /proc/sys/kernel/random/boot_id; /proc is needed");
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

static int run(struct wxguardd *d, const struct control_groups *groups)
{
	int result;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a size limit is a full disk to us */
	start_sockets();
	/* While there is nothing that another process should not have. */
	if (d->config.evidence_size)
		copier_start(&d->evidence.copier);
	result = start_lock(LOCK_PATH);
	if (result == EXIT_OK)
		start_control(d, groups);
	if (result == EXIT_OK)
		result = prepare(d);
	if (result == EXIT_OK)
		result = start_confine();
	if (result == EXIT_OK)
		result = start_store(d);
	if (result == EXIT_OK)
		result = link_up(d, true);
	if (result == EXIT_OK)
		result = loop_run(d);
	return result;
}

static void release(struct wxguardd *d)
{
	int i;

	for (i = 0; i < SINK_COUNT; i++)
		sink_close(&d->sinks[i]);
	control_close(&d->readers);
	link_down(d);
	changes_rules_forget(d);
	store_close(d->store);
	evidence_end(d);
	pin_free(&d->pins);
	hash_free(d->hash);
	names_free(d->names);
}

static int wrong_usage(void)
{
	fputs(usage, stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "check", no_argument, NULL, 'n' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	static struct wxguardd d = { .bell = -1, .evidence.copier.socket = -1,
				   .readers = { .epoll = -1, .listener = -1 } };
	struct control_groups groups;
	char why[CONFIG_WHY_MAX];
	bool check = false;
	int option, result;

	while ((option = getopt_long(argc, argv, "c:fnVh", options, NULL)) >= 0) {
		switch (option) {
		case 'c':
			d.config_path = optarg;
			break;
		case 'f':
			break;
		case 'n':
			check = true;
			break;
		case 'V':
			puts("wxguardd " WXGUARD_VERSION);
			return EXIT_OK;
		case 'h':
			fputs(usage, stdout);
			return EXIT_OK;
		default:
			return wrong_usage();
		}
	}
	if (optind < argc)
		return wrong_usage();
	if (config_load(d.config_path, &d.config, why)) {
		say(CONFIG_ERROR, "%s", why);
		return EXIT_INVALID;
	}
	say_level(d.config.log_level);
	if (!settings_rules_valid(&d.config, check) || settings_groups(&d.config, &groups))
		return EXIT_INVALID;
	if (check) {
		puts("OK");
		return EXIT_OK;
	}
	result = run(&d, &groups);
	release(&d);
	return result;
}
