// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Losses, status and known entries in JSON. Pure but for memory.
 */
#include "json_out.h"
#include "json_text.h"
#include "raw_json.h"
#include "../../module/core/class.h"

static const char *class_bit_name(unsigned int bit)
{
	const struct wxg_class *row = wxg_class_lookup(bit);

	return row ? row->name : NULL;
}

json_t *class_bits_json(uint32_t classes)
{
	return json_bits(classes, class_bit_name);
}

json_t *loss_json(const struct finding_loss *loss)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "lost.first", json_number(loss->first));
	error |= json_put(json, "lost.last", json_number(loss->last));
	error |= json_put(json, "lost.count",
			  json_number(loss->last - loss->first + 1));
	return json_finish(json, error);
}

static json_t *hook_json(const struct client_hook *hook)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "name", json_text(hook->name));
	error |= json_put(json, "role", json_string(wxg_role_name(hook->role)));
	error |= json_put(json, "engine",
			  json_string(wxg_engine_name(hook->engine)));
	error |= json_put(json, "state",
			  json_string(wxg_hook_state_name(hook->state)));
	error |= json_put(json, "hits", json_number(hook->hits));
	error |= json_put(json, "suspicious", json_number(hook->suspicious));
	error |= json_put(json, "missed", json_number(hook->missed));
	return json_finish(json, error);
}

static json_t *hooks_json(const struct client_status *status)
{
	json_t *list = json_array();
	unsigned int i;
	int error = 0;

	for (i = 0; i < status->hooks; i++)
		error |= json_array_append_new(list,
					       hook_json(&status->hook[i]));
	return json_finish(list, error);
}

json_t *status_json(const struct client_status *status)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "version", json_text(status->version));
	error |= json_put(json, "mode",
			  json_string(wxg_mode_name(status->mode)));
	error |= json_put(json, "mode_fixed", json_boolean(status->mode_fixed));
	error |= json_put(json, "generation", json_number(status->generation));
	error |= json_put(json, "seq", json_number(status->seq));
	error |= json_put(json, "acked", json_number(status->acked));
	error |= json_put(json, "oldest", json_number(status->oldest));
	error |= json_put(json, "ring_count", json_number(status->ring_count));
	error |= json_put(json, "ring_max", json_number(status->ring_max));
	error |= json_put(json, "ring_bytes", json_number(status->ring_bytes));
	error |= json_put(json, "ring_bytes_max",
			  json_number(status->ring_bytes_max));
	error |= json_put(json, "lost_overflow", json_number(status->lost_overflow));
	error |= json_put(json, "lost_nomem", json_number(status->lost_nomem));
	error |= json_put(json, "known_count", json_number(status->known_count));
	error |= json_put(json, "known_max", json_number(status->known_max));
	error |= json_put(json, "known_evicted", json_number(status->known_evicted));
	error |= json_put(json, "pending", json_number(status->pending));
	error |= json_put(json, "canary", json_boolean(status->canary));
	error |= json_put(json, "spared", json_number(status->spared));
	error |= json_put(json, "unjudged", json_number(status->unjudged));
	error |= json_put(json, "confirm_left", json_number(status->confirm_left));
	error |= json_put(json, "confirm_mode", status->confirm_left ?
			  json_string(wxg_mode_name(status->confirm_mode)) : json_null());
	error |= json_put(json, "locked", json_boolean(status->locked));
	error |= json_put(json, "denied", json_number(status->denied));
	error |= json_put(json, "budget_trips", json_number(status->budget_trips));
	error |= json_put(json, "self_clones", json_number(status->self_clones));
	error |= json_put(json, "repeats", json_number(status->repeats));
	error |= json_put(json, "heartbeat", json_number(status->heartbeat));
	error |= json_put(json, "evidence_count", json_number(status->evidence_count));
	error |= json_put(json, "evidence_bytes", json_number(status->evidence_bytes));
	error |= json_put(json, "evidence_missed", json_number(status->evidence_missed));
	error |= json_put(json, "classes", class_bits_json(status->classes));
	error |= json_put(json, "hooks", hooks_json(status));
	return json_finish(json, error);
}

static const char *known_flag_name(unsigned int bit)
{
	static const char *const flags[] = { "pinned", "learned", "restored" };

	return bit < sizeof(flags) / sizeof(flags[0]) ? flags[bit] : NULL;
}

/* For which kind of memory; it counts for one class only. */
static json_t *shape_json(const struct client_known *known)
{
	if (!(known->classes >> WXGUARD_CLASS_WX_TRANSITION & 1))
		return json_null();
	return json_string(wxg_region_name(known->shape));
}

json_t *known_json(const struct client_known *known)
{
	struct bytes path = { known->path_len ? known->path : NULL,
			      known->path_len };
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "path", json_null());
	error |= json_put_text(json, "path", "raw.path", path);
	error |= json_put(json, "dev", json_sprintf("%u:%u", known->dev >> 20,
						    known->dev & 0xfffff));
	error |= json_put(json, "ino", json_decimal(known->ino));
	error |= json_put(json, "generation", json_number(known->generation));
	error |= json_put(json, "ctime", json_sprintf("%lld.%09u",
			  (long long)known->ctime_sec, known->ctime_nsec));
	error |= json_put(json, "classes", class_bits_json(known->classes));
	error |= json_put(json, "shape", shape_json(known));
	error |= json_put(json, "first_seen", json_number(known->first_seen));
	error |= json_put(json, "last_seen", json_number(known->last_seen));
	error |= json_put(json, "count", json_number(known->count));
	error |= json_put(json, "flags", json_bits(known->flags,
						   known_flag_name));
	return json_finish(json, error);
}
