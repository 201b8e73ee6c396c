// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rule.*, threat.* and wxguard.rule.*, all from the rule table. Pure.
 */
#include <stdio.h>
#include <string.h>

#include "ecs_parts.h"
#include "json_out.h"

#define ATTACK_SITE "https://attack.mitre.org/"

/* "T1059.004" stands at .../techniques/T1059/004/ */
static json_t *technique_url(const char *id)
{
	const char *dot = strchr(id, '.');

	if (!dot)
		return json_sprintf(ATTACK_SITE "techniques/%s/", id);
	return json_sprintf(ATTACK_SITE "techniques/%.*s/%s/", (int)(dot - id),
			    id, dot + 1);
}

/* Append to the array at @path, which is made when it is not there. */
static int append(json_t *root, const char *path, json_t *value)
{
	char inner[64];
	char *part, *rest = inner;
	json_t *list = root;

	snprintf(inner, sizeof(inner), "%s", path);
	while ((part = strsep(&rest, ".")))
		list = json_object_get(list, part);
	if (!list) {
		if (json_put(root, path, json_array()))
			return json_decref(value), -1;
		return append(root, path, value);
	}
	return json_array_append_new(list, value);
}

static int put_threat(json_t *root, const struct rule *rule)
{
	size_t i;
	int error = 0;

	error |= ecs_put_string(root, "threat.framework", "MITRE ATT&CK");
	error |= append(root, "threat.tactic.id", json_string(rule->tactic_id));
	error |= append(root, "threat.tactic.name",
			json_string(rule->tactic_name));
	error |= append(root, "threat.tactic.reference",
			json_sprintf(ATTACK_SITE "tactics/%s/",
				     rule->tactic_id));
	for (i = 0; i < RULE_TECHNIQUES_MAX && rule->technique[i].id; i++) {
		const struct rule_technique *row = &rule->technique[i];

		error |= append(root, "threat.technique.id",
				json_string(row->id));
		error |= append(root, "threat.technique.name",
				json_string(row->name));
		error |= append(root, "threat.technique.reference",
				technique_url(row->id));
		if (!row->sub_id)
			continue;
		error |= append(root, "threat.technique.subtechnique.id",
				json_string(row->sub_id));
		error |= append(root, "threat.technique.subtechnique.name",
				json_string(row->sub_name));
		error |= append(root, "threat.technique.subtechnique.reference",
				technique_url(row->sub_id));
	}
	return error;
}

/* The properties of a published Tracee signature, under its own names. */
static int put_properties(json_t *root, const struct rule *rule)
{
	int error = 0;

	if (!rule->stix_id)
		return 0;
	error |= ecs_put_number(root, "wxguard.rule.properties.Severity",
				(uint64_t)rule->source_severity);
	error |= ecs_put_string(root, "wxguard.rule.properties.Category",
				rule->category);
	error |= ecs_put_string(root, "wxguard.rule.properties.Technique",
				rule->technique[0].name);
	error |= ecs_put_string(root,
				"wxguard.rule.properties.Kubernetes_Technique",
				"N/A");
	error |= ecs_put_string(root, "wxguard.rule.properties.id",
				rule->stix_id);
	error |= ecs_put_string(root, "wxguard.rule.properties.external_id",
				rule->technique[0].id);
	return error;
}

static int put_own(json_t *root, const struct rule *rule)
{
	int error = 0;

	error |= ecs_put_string(root, "wxguard.rule.severity", rule->severity);
	error |= ecs_put_string(root, "wxguard.rule.source", rule->source);
	error |= ecs_put_string(root, "wxguard.rule.event_name", rule->code);
	error |= json_put(root, "wxguard.rule.references",
			  ecs_strings(rule->reference, rule->reference_more,
				      NULL));
	if (rule->source_severity >= 0)
		error |= ecs_put_number(root, "wxguard.rule.source_severity",
					(uint64_t)rule->source_severity);
	error |= ecs_put_string(root, "wxguard.rule.stix_id", rule->stix_id);
	return error | put_properties(root, rule);
}

int ecs_put_rule(json_t *root, const struct rule *rule)
{
	int error = 0;

	error |= ecs_put_string(root, "rule.id", rule->id);
	error |= ecs_put_string(root, "rule.uuid", rule->uuid);
	error |= ecs_put_string(root, "rule.name", rule->name);
	error |= ecs_put_string(root, "rule.description", rule->description);
	error |= ecs_put_string(root, "rule.category", rule->category);
	error |= ecs_put_string(root, "rule.ruleset", "wxguard-builtin");
	error |= ecs_put_string(root, "rule.version", rule->version);
	error |= json_put(root, "rule.author", ecs_strings("wxguard", NULL));
	error |= ecs_put_string(root, "rule.license", "GPL-2.0-or-later");
	error |= ecs_put_string(root, "rule.reference", rule->reference);
	return error | put_threat(root, rule) | put_own(root, rule);
}
