// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules in JSON: classes, budget, scopes, exemptions. Pure but for memory.
 */
#include "json_out.h"
#include "json_text.h"
#include "raw_json.h"
#include "rules_text.h"
#include "../../module/core/class.h"

json_t *class_json(const struct client_class *class)
{
	const struct wxg_class *row = wxg_class_lookup(class->id);
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "class", row && row->name ?
			  json_string(row->name) :
			  json_sprintf("class %u", class->id));
	error |= json_put(json, "action",
			  json_string(wxg_action_name(class->action)));
	error |= json_put(json, "known", json_string(class->known ? "exempt" :
								  "report"));
	error |= json_put(json, "window", json_number(class->window));
	error |= json_put(json, "repeat", json_number(class->repeat));
	error |= json_put(json, "self_clone",
			  class->id != WXGUARD_CLASS_EXEC_MEMORY ? json_null() :
			  json_string(class->self_clone ? "exempt" : "report"));
	error |= json_put(json, "init", json_string(class->init ? "deny" :
								  "spare"));
	return json_finish(json, error);
}

static json_t *inode_json(const struct client_exemption *exemption)
{
	char text[RULES_TEXT_INODE_MAX];

	if (!exemption->has_identity)
		return json_null();
	rules_text_inode_print(exemption, text);
	return json_string(text);
}

static json_t *sha256_json(const struct client_exemption *exemption)
{
	char text[RULES_TEXT_SHA256_MAX];

	if (!exemption->has_sha256)
		return json_null();
	rules_text_sha256_print(exemption->sha256, text);
	return json_string(text);
}

json_t *exemption_json(const struct client_exemption *exemption)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "name", json_text(exemption->name));
	error |= json_put(json, "classes", class_bits_json(exemption->classes));
	error |= json_put(json, "exe", json_text(exemption->exe));
	error |= json_put(json, "comm", json_text(exemption->comm));
	error |= json_put(json, "uid", exemption->has_uid ?
			  json_number(exemption->uid) : json_null());
	error |= json_put(json, "cgroup", json_text(exemption->cgroup));
	error |= json_put(json, "inode", inode_json(exemption));
	error |= json_put(json, "sha256", sha256_json(exemption));
	error |= json_put(json, "unsafe", json_boolean(exemption->unsafe));
	error |= json_put(json, "reason", json_text(exemption->reason));
	error |= json_put(json, "author", json_text(exemption->author));
	error |= json_put(json, "expires", exemption->expires ?
			  json_number(exemption->expires) : json_null());
	error |= json_put(json, "hits", json_number(exemption->hits));
	return json_finish(json, error);
}

json_t *scope_json(const struct client_scope *scope)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "name", json_text(scope->name));
	error |= json_put(json, "cgroup", json_text(scope->cgroup));
	error |= json_put(json, "classes", class_bits_json(scope->classes));
	error |= json_put(json, "action",
			  json_string(wxg_action_name(scope->action)));
	error |= json_put(json, "known", !scope->has_known ? json_null() :
			  json_string(scope->known ? "exempt" : "report"));
	error |= json_put(json, "hits", json_number(scope->hits));
	return json_finish(json, error);
}

static json_t *budget_json(const struct client_rules *rules)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "per_minute", json_number(rules->budget));
	error |= json_put(json, "per_executable",
			  json_number(rules->budget_exe));
	return json_finish(json, error);
}

json_t *rules_json(const struct client_rules *rules)
{
	json_t *json = json_object();
	json_t *classes = json_array(), *exemptions = json_array();
	json_t *scopes = json_array();
	unsigned int i;
	int error = 0;

	for (i = 0; i < rules->classes; i++)
		error |= json_array_append_new(classes,
					       class_json(&rules->class[i]));
	for (i = 0; i < rules->count; i++)
		error |= json_array_append_new(
			exemptions, exemption_json(&rules->exemption[i]));
	for (i = 0; i < rules->scopes; i++)
		error |= json_array_append_new(scopes,
					       scope_json(&rules->scope[i]));
	error |= json_put(json, "generation", json_number(rules->generation));
	error |= json_put(json, "classes", classes);
	error |= json_put(json, "budget", budget_json(rules));
	error |= json_put(json, "scopes", scopes);
	error |= json_put(json, "exemptions", exemptions);
	return json_finish(json, error);
}
