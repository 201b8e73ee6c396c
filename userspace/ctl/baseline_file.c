// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lines of a baseline file. It may come from another host: every value is
 * checked, what is not known is refused, and nothing is done with a line
 * before the last one was read.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "../lib/exe_file.h"
#include "../lib/json_out.h"
#include "../lib/json_text.h"
#include "../lib/text.h"
#include "baseline_file.h"

/* No honest line is longer: a path and its hex, a digest, all class names. */
#define LINE_MAX_BYTES 8192

/* ---- writing ---- */

json_t *baseline_header_json(const char *host, uint64_t created, size_t entries)
{
	time_t when = (time_t)created;
	char text[32];
	struct tm parts;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &parts));
	return json_pack("{s:i, s:o, s:s, s:I}", "wxguard_baseline", BASELINE_VERSION, "host",
			 json_text(host), "created", text, "entries", (json_int_t)entries);
}

static const char *class_name(unsigned int bit)
{
	const struct wxg_class *row = wxg_class_lookup(bit);

	return row ? row->name : NULL;
}

static const char *shape_name(unsigned int bit)
{
	return wxg_region_name(bit);
}

json_t *baseline_entry_json(const struct baseline_entry *entry)
{
	json_t *json = json_object();
	char hex[EXE_FILE_HEX_MAX];
	int error = 0;

	exe_file_hex(entry->sha256, hex);
	error |= json_put_text(json, "path", "raw.path", text_bytes(entry->path));
	error |= json_put(json, "sha256", json_string(hex));
	error |= json_put(json, "size", json_number(entry->size));
	error |= json_put(json, "classes", json_bits(entry->classes, class_name));
	if (entry->shapes)
		error |= json_put(json, "shapes", json_bits(entry->shapes, shape_name));
	if (error) {
		json_decref(json);
		return NULL;
	}
	return json;
}

/* ---- reading ---- */

struct reader {
	const char *name;
	unsigned long line;
	char *why;
};

static int wrong(const struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static int wrong(const struct reader *reader, const char *format, ...)
{
	char text[BASELINE_WHY_MAX - 64];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(reader->why, BASELINE_WHY_MAX, "%.48s:%lu: %s", reader->name, reader->line, text);
	return -EINVAL;
}

/* What the file says may hold anything: quoted, and short. */
static const char *shown(const char *value, char quoted[256])
{
	char *text = text_quote(text_bytes(value), 48);

	snprintf(quoted, 256, "%s", text ? text : "?");
	free(text);
	return quoted;
}

static bool is_one_of(const char *key, const char *const *keys)
{
	for (; *keys; keys++)
		if (!strcmp(key, *keys))
			return true;
	return false;
}

static int check_keys(const struct reader *reader, json_t *json, const char *const *keys)
{
	const char *key;
	char quoted[256];
	json_t *value;

	json_object_foreach(json, key, value)
		if (!is_one_of(key, keys))
			return wrong(reader, "there is no key %s in a baseline of version %d",
				     shown(key, quoted), BASELINE_VERSION);
	return 0;
}

static int parse_count(const struct reader *reader, json_t *json, const char *key,
		       uint64_t max, uint64_t *value)
{
	const json_t *number = json_object_get(json, key);

	if (!json_is_integer(number) || json_integer_value(number) < 0 ||
	    (uint64_t)json_integer_value(number) > max)
		return wrong(reader, "\"%s\" is missing, or no number from 0 to %" PRIu64, key, max);
	*value = (uint64_t)json_integer_value(number);
	return 0;
}

static void copy_text(const json_t *value, char *to, size_t size)
{
	snprintf(to, size, "%s", json_is_string(value) ? json_string_value(value) : "");
}

static int parse_header(const struct reader *reader, json_t *json, struct baseline *baseline,
			uint64_t *entries)
{
	static const char *const keys[] = { "wxguard_baseline", "host", "created", "entries", NULL };
	const json_t *version = json_object_get(json, "wxguard_baseline");

	if (!json_is_integer(version))
		return wrong(reader, "this is no baseline; the first line of one begins with {\"wxguard_baseline\":%d",
			     BASELINE_VERSION);
	if (json_integer_value(version) != BASELINE_VERSION)
		return wrong(reader, "this baseline has version %" JSON_INTEGER_FORMAT ", this program knows version %d",
			     json_integer_value(version), BASELINE_VERSION);
	if (check_keys(reader, json, keys))
		return -EINVAL;
	copy_text(json_object_get(json, "host"), baseline->host, sizeof(baseline->host));
	copy_text(json_object_get(json, "created"), baseline->created, sizeof(baseline->created));
	return parse_count(reader, json, "entries", BASELINE_ENTRIES_MAX, entries);
}

static int unhex_path(const char *hex, char *path, size_t size)
{
	size_t len = strlen(hex), i;
	char byte[3] = "";

	if (len % 2 || len / 2 >= size || strspn(hex, "0123456789abcdefABCDEF") != len)
		return -EINVAL;
	for (i = 0; i < len / 2; i++) {
		memcpy(byte, hex + 2 * i, 2);
		path[i] = (char)strtoul(byte, NULL, 16);
		if (!path[i])
			return -EINVAL;
	}
	path[len / 2] = 0;
	return 0;
}

static int parse_path(const struct reader *reader, json_t *json, struct baseline_entry *entry)
{
	const json_t *raw = json_object_get(json_object_get(json, "raw"), "path");
	const json_t *path = json_object_get(json, "path");
	char quoted[256];

	if (!json_is_string(path))
		return wrong(reader, "\"path\" is missing, or no string");
	if (json_object_get(json, "raw") &&
	    (!json_is_string(raw) || unhex_path(json_string_value(raw), entry->path,
						sizeof(entry->path))))
		return wrong(reader, "\"raw\" is not {\"path\": \"...\"} with at most %d bytes in hex",
			     WXGUARD_KNOWN_PATH_MAX);
	if (!raw && (json_string_length(path) > WXGUARD_KNOWN_PATH_MAX ||
		     strlen(json_string_value(path)) != json_string_length(path)))
		return wrong(reader, "\"path\" is longer than %d bytes, or has a zero byte in it",
			     WXGUARD_KNOWN_PATH_MAX);
	if (!raw)
		strcpy(entry->path, json_string_value(path));
	if (entry->path[0] != '/')
		return wrong(reader, "\"path\" is %s; an absolute path is needed",
			     shown(entry->path, quoted));
	return 0;
}

static int class_bit(const char *name)
{
	uint32_t class = wxg_class_parse(name, strlen(name));

	return class == WXGUARD_CLASS_UNSPEC ? -1 : (int)class;
}

static int shape_bit(const char *name)
{
	int shape;

	for (shape = 0; shape < __WXGUARD_REGION_MAX; shape++)
		if (!strcmp(wxg_region_name((uint32_t)shape), name))
			return shape;
	return -1;
}

/* An array of names. An absent one has no bits. */
static int parse_bits(const struct reader *reader, json_t *json, const char *key,
		      int (*bit_of)(const char *name), uint32_t *bits)
{
	json_t *array = json_object_get(json, key), *value;
	char quoted[256];
	size_t i;
	int bit;

	*bits = 0;
	if (array && !json_is_array(array))
		return wrong(reader, "\"%s\" is no array of names", key);
	json_array_foreach(array, i, value) {
		if (!json_is_string(value))
			return wrong(reader, "\"%s\" is no array of names", key);
		bit = bit_of(json_string_value(value));
		if (bit < 0)
			return wrong(reader, "this version knows no %s among \"%s\"",
				     shown(json_string_value(value), quoted), key);
		*bits |= 1U << bit;
	}
	return 0;
}

static int parse_entry(const struct reader *reader, json_t *json, struct baseline_entry *entry)
{
	static const char *const keys[] = { "path", "raw", "sha256", "size", "classes", "shapes", NULL };
	const char *sha256 = json_string_value(json_object_get(json, "sha256"));
	int error = check_keys(reader, json, keys);
	bool wx;

	memset(entry, 0, sizeof(*entry));
	if (!error)
		error = parse_path(reader, json, entry);
	if (!error && (!sha256 || exe_file_unhex(sha256, entry->sha256)))
		error = wrong(reader, "\"sha256\" is missing, or not %d hexadecimal digits",
			      2 * WXGUARD_SHA256_LEN);
	if (!error)
		error = parse_count(reader, json, "size", INT64_MAX, &entry->size);
	if (!error)
		error = parse_bits(reader, json, "classes", class_bit, &entry->classes);
	if (!error && !entry->classes)
		error = wrong(reader, "\"classes\" is missing, or empty");
	if (!error)
		error = parse_bits(reader, json, "shapes", shape_bit, &entry->shapes);
	wx = entry->classes & 1U << WXGUARD_CLASS_WX_TRANSITION;
	if (!error && wx != !!entry->shapes)
		error = wrong(reader, "\"shapes\" and the class wx_transition go together");
	return error;
}

/* One line without its newline. 1; 0 at the end; -errno. */
static int next_line(struct reader *reader, FILE *in, char line[LINE_MAX_BYTES])
{
	size_t len;

	reader->line++;
	/* A zero byte shortens the line and is found by the parser's end. */
	if (!fgets(line, LINE_MAX_BYTES, in))
		return ferror(in) ? -EIO : 0;
	len = strlen(line);
	if (!len || line[len - 1] != '\n')
		return wrong(reader, "the line is longer than %d bytes, or does not end", LINE_MAX_BYTES - 2);
	line[len - 1] = 0;
	return 1;
}

static json_t *parse_line(const struct reader *reader, const char *line)
{
	char quoted[256];
	json_error_t error;
	json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, &error);

	if (json_is_object(json))
		return json;
	wrong(reader, "not one JSON object: %s", json ? "it is another value" : shown(error.text, quoted));
	json_decref(json);
	return NULL;
}

static int read_header(struct reader *reader, FILE *in, struct baseline *baseline,
		       uint64_t *entries)
{
	char line[LINE_MAX_BYTES];
	int error = next_line(reader, in, line);
	json_t *json;

	if (!error)
		return wrong(reader, "the file is empty");
	if (error < 0)
		return error;
	json = parse_line(reader, line);
	error = json ? parse_header(reader, json, baseline, entries) : -EINVAL;
	json_decref(json);
	return error;
}

static int grow(struct baseline *baseline, size_t *room)
{
	struct baseline_entry *grown;

	if (baseline->count < *room)
		return 0;
	*room = *room ? 2 * *room : 64;
	grown = reallocarray(baseline->entry, *room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	baseline->entry = grown;
	return 0;
}

static int read_entries(struct reader *reader, FILE *in, uint64_t entries,
			struct baseline *baseline)
{
	char line[LINE_MAX_BYTES];
	size_t room = 0;
	json_t *json;
	int error;

	while ((error = next_line(reader, in, line)) > 0) {
		if (baseline->count == entries)
			return wrong(reader, "the header says %" PRIu64 " entries, there are more", entries);
		error = grow(baseline, &room);
		if (error)
			return error;
		json = parse_line(reader, line);
		error = json ? parse_entry(reader, json, &baseline->entry[baseline->count]) : -EINVAL;
		json_decref(json);
		if (error)
			return error;
		baseline->count++;
	}
	if (!error && baseline->count != entries)
		return wrong(reader, "the header says %" PRIu64 " entries, the file ends after %zu; it was cut",
			     entries, baseline->count);
	return error;
}

int baseline_read(FILE *in, const char *name, struct baseline *baseline,
		  char why[BASELINE_WHY_MAX])
{
	struct reader reader = { .name = name, .why = why };
	uint64_t entries = 0;
	int error;

	memset(baseline, 0, sizeof(*baseline));
	snprintf(why, BASELINE_WHY_MAX, "%.48s cannot be read to its end", name);
	error = read_header(&reader, in, baseline, &entries);
	if (!error)
		error = read_entries(&reader, in, entries, baseline);
	if (error)
		baseline_free(baseline);
	return error;
}

void baseline_free(struct baseline *baseline)
{
	free(baseline->entry);
	memset(baseline, 0, sizeof(*baseline));
}
