// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The connection to the module: made at start, and again after the module was
 * reloaded. Decides which numbers are committed already, and brings rules,
 * mode and known executables into a module that does not have them yet. May
 * not apply anything before all of the configuration was found right.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../module/core/class.h"
#include "../lib/rules_text.h"
#include "rules_same.h"
#include "wxguardd.h"

#define MODULE_FOLDER "/sys/module/wxguard"

/*
 * sysfs gives each load of the module an inode number that it never gives
 * again in this boot. 0 = the module is not there.
 */
static uint64_t module_instance(void)
{
	struct stat st;

	return stat(MODULE_FOLDER, &st) ? 0 : st.st_ino;
}

bool link_is_stale(const struct wxguardd *d)
{
	return module_instance() != d->instance;
}

bool link_module_present(void)
{
	return module_instance();
}

/* The way of those who read, made when the first one asks. */
static int reader_socket(void *arg, int *fd, uint16_t *family)
{
	struct wxguardd *d = arg;
	char why[512];
	int error;

	if (!d->control || link_is_stale(d))
		return -ENOENT;
	if (!d->relay) {
		error = client_open(&d->relay, why, sizeof(why));
		if (error) {
			say(CONFIG_DEBUG, "nobody can read through wxguardd: %s", why);
			return error;
		}
	}
	*fd = client_fd(d->relay);
	*family = client_family(d->relay);
	return 0;
}

static void reader_release(void *arg)
{
	struct wxguardd *d = arg;

	client_close(d->relay);
	d->relay = NULL;
}

const struct control_module link_for_readers = { .get = reader_socket,
						 .release = reader_release };

void link_down(struct wxguardd *d)
{
	control_module_gone(&d->readers);
	reader_release(d);
	client_close(d->dump);
	client_close(d->control);
	d->dump = NULL;
	d->control = NULL;
	d->bell = -1;
}

void link_failed(struct wxguardd *d, const struct client *client)
{
	say(CONFIG_ERROR, "%.500s", client_error(client));
	if (link_is_stale(d)) {
		say(CONFIG_WARNING, "the module was unloaded; waiting for it to come back");
		link_down(d);
	}
}

/*
 * Linux 5.10 lets only CAP_SYS_ADMIN join, which is too much to keep for a
 * bell: the findings are looked for at each poll then.
 */
static int open_bell(struct wxguardd *d)
{
	int error = client_bell_open(d->dump, &d->bell);

	if (error != -EPERM)
		return error;
	d->bell = -1;
	say(CONFIG_INFO, "the kernel does not tell this process of new findings; it looks for them four times a second");
	return 0;
}

static int connect_both(struct wxguardd *d)
{
	char why[512];
	int error;

	d->instance = module_instance();
	d->pins.generation = 0;
	error = client_open(&d->control, why, sizeof(why));
	if (!error)
		error = client_open(&d->dump, why, sizeof(why));
	if (!error) {
		error = open_bell(d);
		if (error)
			snprintf(why, sizeof(why), "%.500s", client_error(d->dump));
	}
	if (!error)
		return EXIT_OK;
	say(CONFIG_ERROR, "%s", why);
	link_down(d);
	return error == -ENOENT ? EXIT_NO_MODULE : EXIT_FAILED;
}

/*
 * The module refuses what could lock the administrator out. A file that he
 * wrote is loaded all the same, for nobody is there to be asked; but not in
 * silence.
 */
static int set_from_file(struct wxguardd *d, const struct client_rules *wanted,
			 uint32_t *generation)
{
	char why[RULES_TEXT_WHY_MAX];
	int error = client_rules_set(d->control, wanted, *generation, false, generation);

	if (error != -EINVAL)
		return error;
	snprintf(why, sizeof(why), "%.700s", client_error(d->control));
	error = client_rules_set(d->control, wanted, *generation, true, generation);
	if (!error)
		say(CONFIG_WARNING, "DANGER: the rules of %.200s are live as they are, but %.700s",
		    d->config.rules, why);
	return error;
}

/*
 * Make @wanted live, with its exclusions by content pinned to what their files
 * are now; but not to one that somebody writes into meanwhile.
 */
static int push_rules(struct wxguardd *d, struct client_rules *wanted,
		      struct client_rules *live, bool from_file, bool *changed)
{
	const char *why = from_file ? "its rules file" : "an exclusion by content follows its file";
	int error = pin_fill(&d->pins, d->hash, d->store, wanted, live);

	*changed = false;
	if (!error && !rules_same(live, wanted)) {
		do {	/* each time with a file less */
			error = from_file ?
				set_from_file(d, wanted, &live->generation) :
				client_rules_set(d->control, wanted, live->generation,
						 true, &live->generation);
			*changed |= !error;
			if (!error)
				changes_rules_mine(d, live->generation, why);
		} while (!error && !pin_held(&d->pins, wanted));
	}
	pin_release(wanted);
	d->pins.generation = live->generation;
	return error;
}

static int push_file(struct wxguardd *d, struct client_rules *wanted)
{
	struct client_rules live;
	bool changed;
	int error = client_rules_get(d->control, &live);

	if (error)
		return error;
	error = push_rules(d, wanted, &live, true, &changed);
	if (changed)
		say(CONFIG_INFO, "the rules of %.200s are live (%u exclusions, generation %u)",
		    d->config.rules, wanted->count, live.generation);
	client_rules_free(&live);
	return error;
}

int link_push_rules(struct wxguardd *d)
{
	char why[RULES_TEXT_WHY_MAX];
	struct client_rules wanted;
	unsigned int expired = 0;
	int error;

	error = rules_text_parse(d->config.rules, clock_real_s(), &expired, &wanted, why);
	if (error == -ENOENT) {
		say(CONFIG_INFO, "there is no %.200s; the live rules stay", d->config.rules);
		return EXIT_OK;
	}
	if (error) {
		say(CONFIG_ERROR, "%s", why);
		return EXIT_INVALID;
	}
	if (expired)
		say(CONFIG_WARNING, "%u exclusions of %.200s have expired and are left out",
		    expired, d->config.rules);
	error = push_file(d, &wanted);
	client_rules_free(&wanted);
	if (error)
		say(CONFIG_ERROR, "%.200s: %.500s", d->config.rules,
		    client_error(d->control));
	return error == -EINVAL || error == -ERANGE || error == -EOPNOTSUPP ||
	       error == -EEXIST ? EXIT_INVALID : error ? EXIT_FAILED : EXIT_OK;
}

/* The live rules once more, for they are what is to be changed. */
static int copy_exemptions(struct client_rules *to, const struct client_rules *from)
{
	*to = *from;
	to->exemption = calloc(from->count + 1, sizeof(*to->exemption));
	if (!to->exemption)
		return -ENOMEM;
	memcpy(to->exemption, from->exemption, from->count * sizeof(*to->exemption));
	return 0;
}

int link_pins(struct wxguardd *d)
{
	struct client_rules live, wanted;
	bool changed = false;
	int error;

	if (d->seen.generation == d->pins.generation && !pin_is_due(&d->pins))
		return 0;
	error = client_rules_get(d->control, &live);
	if (error)
		return error;
	error = copy_exemptions(&wanted, &live);
	if (!error)
		error = push_rules(d, &wanted, &live, false, &changed);
	if (changed) {
		say(CONFIG_INFO, "an exclusion by content follows its file; generation %u is live",
		    live.generation);
		d->seen.generation = live.generation;
	}
	free(wanted.exemption);
	client_rules_free(&live);
	/* Somebody else changed the rules meanwhile: the next turn sees those. */
	return error == -ESTALE ? 0 : error;
}

int link_apply_mode(struct wxguardd *d)
{
	uint32_t mode;
	bool held;
	int error;

	if (!d->config.has_mode || d->learn_until)
		return EXIT_OK;
	error = client_mode_get(d->control, &mode);
	if (!error && mode != d->config.mode) {
		error = client_mode_set(d->control, d->config.mode, 0);
		if (!error && store_by_put(d->store, STORE_BY_MODE, d->config.mode,
					   "wxguardd (its configuration)"))
			say(CONFIG_DEBUG, "%s", store_error(d->store));
		if (!error)
			say(CONFIG_INFO, "mode %s", wxg_mode_name(d->config.mode));
	}
	if (!error)
		return EXIT_OK;
	/*
	 * Fixed off on the kernel command line wins; and enforce waits where
	 * nothing is known that it would let start. The rest goes on.
	 */
	held = error == -EPERM || error == -EINVAL;
	say(held ? CONFIG_WARNING : CONFIG_ERROR, "mode %s of the configuration: %.500s",
	    wxg_mode_name(d->config.mode), client_error(d->control));
	return held ? EXIT_OK : EXIT_FAILED;
}

int link_up(struct wxguardd *d, bool at_start)
{
	struct client_status status;
	bool module_is_new;
	int error, result = connect_both(d);

	if (result != EXIT_OK)
		return result;
	error = client_status(d->control, &status);
	if (error) {
		say(CONFIG_ERROR, "%.500s", client_error(d->control));
		result = error == -EPERM ? EXIT_PERMISSION : EXIT_FAILED;
	}
	if (result == EXIT_OK && numbers_settle(d, &status, &module_is_new))
		result = EXIT_FAILED;
	/* Before this daemon changes anything itself. */
	if (result == EXIT_OK)
		changes_mode_away(d, &status);
	/* Before the rules, which may deny what is not known. */
	if (result == EXIT_OK && module_is_new)
		keep_restore(d);
	if (result == EXIT_OK)
		result = link_push_rules(d);
	if (result == EXIT_INVALID && !at_start)
		result = EXIT_OK;
	if (result == EXIT_OK) {
		learn_begin(d);
		learn_resume(d, module_is_new);
		result = link_apply_mode(d);
		changes_note(d);
	}
	if (result != EXIT_OK)
		link_down(d);
	return result;
}
