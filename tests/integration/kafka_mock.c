// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A Kafka broker without Kafka: librdkafka's mock cluster, whose address is the
 * first line on standard output, and a reader that prints key, tab and value of
 * each message of the topic. Lines on standard input take the broker "down"
 * and "up"; the end of input ends it.
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOPIC "wxguard.finding"

static rd_kafka_t *client(rd_kafka_type_t type, const char *servers)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];
	rd_kafka_t *kafka;

	if (servers)
		rd_kafka_conf_set(conf, "bootstrap.servers", servers, why, sizeof(why));
	if (type == RD_KAFKA_CONSUMER) {
		rd_kafka_conf_set(conf, "group.id", "test", why, sizeof(why));
		rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", why, sizeof(why));
	}
	kafka = rd_kafka_new(type, conf, why, sizeof(why));
	if (!kafka) {
		fprintf(stderr, "%s\n", why);
		exit(1);
	}
	return kafka;
}

/* false = the input has ended. */
static int obey(rd_kafka_mock_cluster_t *cluster)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	char word[16];

	if (poll(&input, 1, 0) <= 0)
		return 1;
	if (!fgets(word, sizeof(word), stdin))
		return 0;
	if (!strcmp(word, "down\n"))
		rd_kafka_mock_broker_set_down(cluster, 1);
	else if (!strcmp(word, "up\n"))
		rd_kafka_mock_broker_set_up(cluster, 1);
	return 1;
}

int main(void)
{
	rd_kafka_t *owner = client(RD_KAFKA_PRODUCER, NULL), *reader;
	rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(owner, 1);
	rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
	rd_kafka_message_t *message;

	setvbuf(stdin, NULL, _IONBF, 0);
	rd_kafka_mock_topic_create(cluster, TOPIC, 1, 1);
	printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
	fflush(stdout);
	reader = client(RD_KAFKA_CONSUMER, rd_kafka_mock_cluster_bootstraps(cluster));
	rd_kafka_poll_set_consumer(reader);
	rd_kafka_topic_partition_list_add(topics, TOPIC, 0);
	rd_kafka_assign(reader, topics);
	while (obey(cluster)) {
		message = rd_kafka_consumer_poll(reader, 100);
		if (!message)
			continue;
		if (!message->err) {
			printf("%.*s\t%.*s\n", (int)message->key_len, (const char *)message->key,
			       (int)message->len, (const char *)message->payload);
			fflush(stdout);
		}
		rd_kafka_message_destroy(message);
	}
	rd_kafka_topic_partition_list_destroy(topics);
	rd_kafka_consumer_close(reader);
	rd_kafka_destroy(reader);
	rd_kafka_mock_cluster_destroy(cluster);
	rd_kafka_destroy(owner);
	return 0;
}
