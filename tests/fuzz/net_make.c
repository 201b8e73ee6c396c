// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages from the specification. Most are right, since a message that is
 * refused at its first attribute tests that attribute only; what is wrong is
 * one value, one attribute, or the bytes themselves. Sends nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net.h"

#include "grammar.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Files stand at FD_FIRST and after; the last ones are no regular files. */
#define FD_FIRST	100
#define FD_FILES	300
#define FD_ODD		(FD_FIRST + FD_FILES)
#define FD_ODDS		4

static uint64_t state;

void chance_seed(uint64_t seed)
{
	state = seed;
}

/* splitmix64 */
uint64_t chance(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint32_t below(uint32_t n)
{
	return (uint32_t)((chance() >> 32) * n >> 32);
}

void make_descriptors(void)
{
	const struct rlimit limit = { 1024, 1024 };
	int i, fd, pair[2];
	char path[64];

	if (setrlimit(RLIMIT_NOFILE, &limit) || pipe(pair))
		broken(NULL, "no descriptors");
	for (i = 0; i < FD_FILES; i++) {
		snprintf(path, sizeof(path), "/tmp/netfuzz-%d", i);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0755);
		if (fd < 0 || dup2(fd, FD_FIRST + i) < 0)
			broken(NULL, "no file %s", path);
		close(fd);
	}
	dup2(pair[0], FD_ODD);
	dup2(open("/tmp", O_RDONLY | O_DIRECTORY), FD_ODD + 1);
	dup2(open("/tmp/netfuzz-0", O_PATH), FD_ODD + 2);
	dup2(memfd_create("odd", 0), FD_ODD + 3);
}

/* ---- bytes into a message ------------------------------------------------------ */

void message_begin(struct message *message, uint8_t cmd, bool dump)
{
	struct nlmsghdr *head = head_of(message);

	memset(message->data, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	message->len = NLMSG_HDRLEN + GENL_HDRLEN;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (dump ? NLM_F_DUMP : 0);
	generic_of(message)->cmd = cmd;
	generic_of(message)->version = WXGUARD_GENL_VERSION;
	head->nlmsg_len = message->len;
}

static bool has_room(const struct message *message, size_t len)
{
	return message->len + NLA_HDRLEN + NLA_ALIGN(len) <= MESSAGE_MAX;
}

void message_put(struct message *message, uint16_t type, const void *data,
		 size_t len)
{
	struct nlattr attr = { .nla_len = (uint16_t)(NLA_HDRLEN + len),
			       .nla_type = type };
	uint8_t *at = message->data + message->len;

	if (!has_room(message, len))
		return;
	memset(at, 0, NLA_HDRLEN + NLA_ALIGN(len));
	memcpy(at, &attr, sizeof(attr));
	if (len)
		memcpy(at + NLA_HDRLEN, data, len);
	message->len += NLA_HDRLEN + NLA_ALIGN(len);
	head_of(message)->nlmsg_len = message->len;
}

/* ---- values -------------------------------------------------------------------- */

static uint64_t odd_number(const struct attr_spec *spec)
{
	const uint64_t numbers[] = {
		0, 1, 2, 3, 8, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x7fffffff,
		0x80000000, 0xfffffffe, 0xffffffff, 0x100000000,
		0x7fffffffffffffff, 0x8000000000000000, ~0ULL,
		spec->min - 1ULL, spec->min, spec->max, spec->max + 1ULL,
		spec->bits, spec->bits + 1ULL, ~(uint64_t)spec->bits,
		1ULL << below(64), chance(), FD_ODD + below(FD_ODDS + 2),
	};
	const uint64_t beside[] = { spec->min - 1ULL, spec->max + 1ULL };

	/* Nothing is mistaken as often as a bound. */
	if (spec->max && one_in(2))
		return beside[below(COUNT(beside))];
	return numbers[below(COUNT(numbers))];
}

/* Values that go together, which the specification does not tell. */
static bool known_number(const struct attr_spec *spec, uint64_t *number)
{
	if (!strcmp(spec->name, "fd"))
		*number = FD_FIRST + below(one_in(4) ? FD_FILES : 8);
	else if (!strcmp(spec->name, "shape"))
		*number = one_in(8) ? below(5) : 0;
	else if (!strcmp(spec->name, "first-seen"))
		*number = below(50);
	else if (!strcmp(spec->name, "last-seen"))
		*number = 50 + below(50);
	else if (!strcmp(spec->name, "expires"))
		*number = 4000000000 + below(1000);
	else if (!strcmp(spec->name, "flags"))
		*number = below(one_in(3) ? 8 : 2);
	else if (!strcmp(spec->name, "seq") || !strcmp(spec->name, "generation"))
		*number = below(4);
	else
		return false;
	return true;
}

static uint64_t right_number(const struct attr_spec *spec)
{
	uint64_t number;

	if (known_number(spec, &number))
		return number;
	if (spec->bits)
		return one_in(2) ? 1U << below(12) & spec->bits :
				   (uint32_t)chance() & spec->bits;
	if (spec->max)
		return spec->min + (one_in(3) ? below(spec->max - spec->min + 1) :
						below(spec->max < 4 ? spec->max + 1 : 4));
	return one_in(4) ? chance() : below(100);
}

/* Pieces of names, paths and globs. */
static const char *const pieces[] = {
	"/", "/usr", "/bin/", "a", "b", "*", "**", "?", "/**", "/*", "[a-z]",
	"[!x]", "[", "]", "\\", "\\*", "{a,b}", ".", "..", "-", "_", " ",
	"\x1b[2J", "\xff", "\xe2\x80\xae", "$HOME", "%s%n", "system.slice",
	"exec", "memfd:", "(deleted)", "\n",
};

static size_t odd_text(char *text, size_t room)
{
	size_t len = 0, wanted = one_in(8) ? room : below(40);

	while (len < wanted) {
		const char *piece = pieces[below(COUNT(pieces))];
		size_t size = strlen(piece);

		if (len + size > room)
			break;
		memcpy(text + len, piece, size);
		len += size;
	}
	if (one_in(16) && len)
		text[below((uint32_t)len)] = '\0';
	return len;
}

static size_t right_text(const struct attr_spec *spec, char *text)
{
	static const char *const globs[] = {
		"/usr/bin/one", "/tmp/netfuzz-%u", "/opt/*/bin/**", "/a/%u/*",
		"/system.slice/**", "/usr/lib/**/jvm-%u/bin/java", "/x%u",
	};

	if (!strcmp(spec->name, "name"))
		return (size_t)sprintf(text, "n%u", below(1000));
	if (!strcmp(spec->name, "exe") || !strcmp(spec->name, "cgroup"))
		return (size_t)sprintf(text, globs[below(COUNT(globs))], below(50));
	return (size_t)sprintf(text, "text %u", below(100));
}

/*
 * Attributes of a known executable that the command of the moment takes: to
 * remove or pin one needs less than to add it, and more is refused.
 */
static uint32_t known_wanted = ~0U;

static void choose_known(uint8_t cmd)
{
	known_wanted = ~0U;
	if (cmd == WXGUARD_CMD_KNOWN_DEL || cmd == WXGUARD_CMD_KNOWN_PIN)
		known_wanted = 1U << WXGUARD_KNOWN_DEV | 1U << WXGUARD_KNOWN_INO |
			       1U << WXGUARD_KNOWN_GENERATION |
			       1U << WXGUARD_KNOWN_CTIME_SEC |
			       1U << WXGUARD_KNOWN_CTIME_NSEC |
			       1U << WXGUARD_KNOWN_SHAPE;
	if (cmd == WXGUARD_CMD_KNOWN_PIN)
		known_wanted |= 1U << WXGUARD_KNOWN_FLAGS;
}

/* ---- attributes ---------------------------------------------------------------- */

static void put_set(struct message *message, unsigned int set, uint32_t wanted,
		    unsigned int fault);

static void put_text(struct message *message, const struct attr_spec *spec,
		     bool right)
{
	char text[4096];
	size_t len = right ? right_text(spec, text) :
			     odd_text(text, sizeof(text) - 1);

	if (!right && one_in(4) && spec->len && spec->len + 1U < sizeof(text)) {
		len = spec->len + below(3) - 1U;
		memset(text, 'x', len);
		text[0] = '/';
	}
	text[len] = '\0';
	message_put(message, spec->type, text, len + (right || !one_in(4)));
}

static void put_binary(struct message *message, const struct attr_spec *spec,
		       bool right)
{
	uint8_t data[4200];
	size_t i, len = spec->exact ? spec->len : below(spec->len + 1);

	if (!right)
		len = one_in(2) ? spec->len + 1U : below(sizeof(data));
	if (len > sizeof(data))
		len = sizeof(data);
	for (i = 0; i < len; i += sizeof(uint64_t)) {
		uint64_t more = chance();

		memcpy(data + i, &more, len - i < 8 ? len - i : 8);
	}
	message_put(message, spec->type, data, len);
}

static void put_nest(struct message *message, const struct attr_spec *spec,
		     unsigned int fault)
{
	uint32_t start = message->len;
	struct nlattr *attr = (struct nlattr *)(message->data + start);
	bool right = !fault;

	if (!has_room(message, 0))
		return;
	message_put(message, spec->type | NLA_F_NESTED, NULL, 0);
	put_set(message, spec->set,
		spec->type == WXGUARD_A_KNOWN ? known_wanted : ~0U, fault);
	attr->nla_len = (uint16_t)(message->len - start);
	if (right || !one_in(8))
		return;
	if (one_in(2))
		attr->nla_type &= (uint16_t)~NLA_F_NESTED;
	else
		attr->nla_len = (uint16_t)(attr->nla_len + below(16) - 8);
}

static void put_attr(struct message *message, const struct attr_spec *spec,
		     unsigned int fault)
{
	bool right = !fault;
	uint64_t number = right ? right_number(spec) : odd_number(spec);

	if (!right && one_in(12)) {	/* of another kind */
		message_put(message, spec->type | (one_in(4) ? NLA_F_NESTED : 0),
			    &number, below(9));
		return;
	}
	switch (spec->kind) {
	case KIND_PAD:
		message_put(message, spec->type, &number, right ? 0 : below(9));
		break;
	case KIND_U32:
		message_put(message, spec->type, &number, sizeof(uint32_t));
		break;
	case KIND_U64:
		message_put(message, spec->type, &number, sizeof(uint64_t));
		break;
	case KIND_FLAG:
		message_put(message, spec->type, &number, right ? 0 : below(9));
		break;
	case KIND_STRING:
		put_text(message, spec, right);
		break;
	case KIND_BINARY:
		put_binary(message, spec, right);
		break;
	case KIND_NEST:
		put_nest(message, spec, fault);
		break;
	}
}

/* How often an attribute without fault stands in a message. */
static unsigned int times(const struct attr_spec *spec, bool by_identity,
			  bool by_descriptor)
{
	if (spec->replies_only || spec->kind == KIND_PAD)
		return one_in(100);
	if (spec->identity)
		return by_identity;
	if (!strcmp(spec->name, "fd"))
		return by_descriptor;
	if (spec->many)
		return one_in(200) ? below(80) : one_in(2) ? below(3) : below(8);
	if (spec->required)
		return 1;
	/* A generation that was read long ago would refuse all the rest. */
	if (!strcmp(spec->name, "generation"))
		return one_in(20);
	return one_in(2);
}

/*
 * The attributes of one set, as far as they are @wanted. @fault is 0 for none,
 * or about how many faults are wanted in 16 attributes.
 */
static void put_set(struct message *message, unsigned int set, uint32_t wanted,
		    unsigned int fault)
{
	const unsigned int way = below(8);
	const bool by_identity = way == 1 || (fault && one_in(8));
	const bool by_descriptor = way >= 4 || set == 0 || (fault && one_in(8));
	const struct set_spec *of = &sets[set];
	unsigned int i, left;

	for (i = 0; i < of->attrs; i++) {
		const struct attr_spec *spec = &of->attr[i];
		bool wrong = fault && below(16) < fault;

		if (!(wanted >> spec->type & 1) && (!wrong || !one_in(4)))
			continue;
		left = times(spec, by_identity, by_descriptor);
		if (wrong && one_in(3))
			left = one_in(2) ? 0 : left + 1;
		while (left--)
			put_attr(message, spec,
				 spec->kind == KIND_NEST ?
					 (fault && one_in(2) ? fault : 0) : wrong);
	}
	if (fault && one_in(8)) {
		uint64_t number = chance();

		message_put(message, one_in(2) ? (uint16_t)number : (uint16_t)of->attrs + 1,
			    &number, below(9));
	}
}

/* ---- messages ------------------------------------------------------------------ */

/* The lock cannot be undone, so that the module could not be unloaded. */
static void tame(struct message *message)
{
	if (generic_of(message)->cmd == WXGUARD_CMD_LOCK) {
		const uint32_t number = 1;

		if (!has_room(message, sizeof(number)))
			generic_of(message)->cmd = WXGUARD_CMD_UNSPEC;
		message_put(message, WXGUARD_A_MODE, &number, sizeof(number));
	}
	head_of(message)->nlmsg_len = message->len;
}

static void damage_head(struct message *message)
{
	struct genlmsghdr *generic = generic_of(message);

	switch (below(4)) {
	case 0:
		generic->cmd = (uint8_t)(one_in(4) ? chance() : below(20));
		break;
	case 1:
		generic->version = (uint8_t)chance();
		break;
	case 2:
		generic->reserved = (uint16_t)chance();
		break;
	case 3:
		head_of(message)->nlmsg_flags ^= (uint16_t)(1U << below(16)) &
						 (uint16_t)~NLM_F_ACK;
		break;
	}
}

/* Bytes behind the headers. */
static void damage_bytes(struct message *message)
{
	unsigned int first = NLMSG_HDRLEN + GENL_HDRLEN, left = 1 + below(4);

	if (message->len == first)
		return;
	while (left--) {
		uint8_t *at = message->data + first + below(message->len - first);

		*at = one_in(2) ? (uint8_t)chance() : (uint8_t)(*at ^ 1U << below(8));
	}
}

static void cut(struct message *message)
{
	unsigned int first = NLMSG_HDRLEN + GENL_HDRLEN;

	message->len = first + (below(message->len - first + 1) & ~3U);
}

void make_message(struct message *message)
{
	/* rules-set and known-add have the most to say. */
	static const uint8_t often[] = {
		WXGUARD_CMD_RULES_SET, WXGUARD_CMD_RULES_SET,
		WXGUARD_CMD_KNOWN_ADD, WXGUARD_CMD_KNOWN_PIN,
	};
	const uint8_t cmd = often[below(COUNT(often))];
	unsigned int op = below(COUNT(ops));
	bool right = one_in(2);

	if (one_in(3))
		while (ops[op].cmd != cmd)
			op = (op + 1) % COUNT(ops);
	/* What is empty has little to say. */
	if (ops[op].cmd == WXGUARD_CMD_KNOWN_FLUSH && !one_in(50))
		op = below(COUNT(ops));
	choose_known(ops[op].cmd);
	message_begin(message, ops[op].cmd, ops[op].dump);
	put_set(message, 0, ops[op].attrs, right ? 0 : 1 + below(3));
	if (!right && one_in(16))
		damage_head(message);
	if (!right && one_in(16))
		damage_bytes(message);
	if (!right && one_in(32))
		cut(message);
	tame(message);
}

const struct op_spec *make_ops(unsigned int *count)
{
	*count = COUNT(ops);
	return ops;
}

/* The attribute that some byte of the message would begin, or NULL. */
static struct nlattr *any_attr(struct message *message)
{
	uint32_t at = NLMSG_HDRLEN + GENL_HDRLEN;
	struct nlattr *attr, *found = NULL;
	unsigned int seen = 0;

	while (at + NLA_HDRLEN <= message->len) {
		attr = (struct nlattr *)(message->data + at);
		if (one_in(++seen))
			found = attr;
		if (attr->nla_len < NLA_HDRLEN)
			break;
		at += attr->nla_type & NLA_F_NESTED && one_in(2) ?
			      (uint32_t)NLA_HDRLEN : NLA_ALIGN(attr->nla_len);
	}
	return found;
}

static void change_attr(struct message *message)
{
	static const struct attr_spec any = { .max = 100 };
	struct nlattr *attr = any_attr(message);
	uint64_t number = odd_number(&any);
	uint8_t *end = message->data + message->len;

	if (!attr)
		return;
	switch (below(5)) {
	case 0:
		attr->nla_type = (uint16_t)(attr->nla_type ^ (1U << below(6)));
		break;
	case 1:
		attr->nla_len = (uint16_t)(attr->nla_len + below(9) - 4);
		break;
	case 2:		/* twice */
		if (attr->nla_len >= NLA_HDRLEN &&
		    (uint8_t *)attr + attr->nla_len <= end)
			message_put(message, attr->nla_type, attr + 1,
				    attr->nla_len - NLA_HDRLEN);
		break;
	default:
		if ((uint8_t *)(attr + 1) + sizeof(number) <= end)
			memcpy(attr + 1, &number, one_in(2) ? 4 : 8);
		break;
	}
}

void mutate_message(struct message *message)
{
	unsigned int left = 1 + below(3);

	while (left--) {
		if (!one_in(3))
			change_attr(message);
		else if (one_in(2))
			damage_bytes(message);
		else if (one_in(2))
			damage_head(message);
		else if (one_in(2))
			cut(message);
		else
			put_set(message, 0, 1U << below(17), below(3));
	}
	tame(message);
}
