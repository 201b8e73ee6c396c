// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parts of the check of a rule set that exemptions and scopes share: names,
 * lengths, class bits, globs.
 * Any context; pure. May not mend what it finds.
 */
#include "check.h"
#include "class.h"

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Until the name is known to be good, it is told by its place. */
int wxg_check_name(const struct wxg_checked *checked,
		   struct wxg_rules_error *error)
{
	const char *name = checked->name;
	size_t len = strnlen(name, WXGUARD_EXEMPTION_NAME_MAX + 1);
	size_t at;

	if (len == 0)
		return wxg_refuse(error, -EINVAL,
				  "%s number %u has no name; give 1 to %u of A-Z a-z 0-9 . _ -",
				  checked->kind, checked->number,
				  WXGUARD_EXEMPTION_NAME_MAX);
	if (len > WXGUARD_EXEMPTION_NAME_MAX)
		return wxg_refuse(error, -EINVAL,
				  "the name of %s number %u is too long; give 1 to %u of A-Z a-z 0-9 . _ -",
				  checked->kind, checked->number,
				  WXGUARD_EXEMPTION_NAME_MAX);
	for (at = 0; at < len; at++) {
		if (!is_name_byte(name[at]))
			return wxg_refuse(error, -EINVAL,
					  "the name of %s number %u has the byte 0x%02x; give only A-Z a-z 0-9 . _ -",
					  checked->kind, checked->number,
					  (u8)name[at]);
	}
	return 0;
}

int wxg_check_length(const struct wxg_checked *checked, const char *field,
		     const char *text, u32 max, struct wxg_rules_error *error)
{
	if (strnlen(text, (size_t)max + 1) <= max)
		return 0;
	return wxg_refuse(error, -EINVAL,
			  "the %s of %s %s is too long; give at most %u bytes",
			  field, checked->kind, checked->name, max);
}

int wxg_check_classes(const struct wxg_checked *checked, u32 classes,
		      struct wxg_rules_error *error)
{
	u32 class;

	if (!classes)
		return wxg_refuse(error, -EINVAL,
				  "%s %s names no class; give at least one",
				  checked->kind, checked->name);
	for (class = 0; class < 32; class++) {
		if (!(classes >> class & 1))
			continue;
		if (!wxg_class_lookup(class))
			return wxg_refuse(error, -EINVAL,
					  "%s %s names class number %u; classes have the numbers 1 to %u",
					  checked->kind, checked->name, class,
					  WXGUARD_CLASS_MAX);
	}
	return 0;
}

int wxg_check_glob(const struct wxg_checked *checked, const char *field,
		   const char *glob, struct wxg_rules_error *error)
{
	if (glob[0] == '\0')
		return 0;
	if (glob[0] != '/')
		return wxg_refuse(error, -EINVAL,
				  "the %s glob of %s %s is relative; begin it with a slash",
				  field, checked->kind, checked->name);
	for (; *glob; glob++) {
		if (*glob == '\\' && *++glob == '\0')
			return wxg_refuse(error, -EINVAL,
					  "the %s glob of %s %s ends in a single \\, which quotes nothing; write \\\\",
					  field, checked->kind, checked->name);
	}
	return 0;
}

bool wxg_glob_narrows(const char *glob)
{
	if (glob[0] == '\0')
		return false;
	if (!strpbrk(glob, "*?"))
		return true;
	return glob[strspn(glob, "/*?")] != '\0';
}
