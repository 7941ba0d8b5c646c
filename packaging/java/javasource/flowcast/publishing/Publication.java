package flowcast.publishing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import com.mendix.core.Core;
import com.mendix.systemwideinterfaces.core.IContext;
import com.mendix.systemwideinterfaces.core.IMendixObject;

/**
 * What one call of Publish or PublishList is about.
 *
 * The records are written when it is called, and sent by a task. Mendix starts a task once the transaction that made it has
 * been committed: a browser that is told any sooner reads the data of before. A transaction that is rolled back takes its
 * tasks along. Parameters of a task may only be plain values, which is why the records go there as text.
 */
public final class Publication {
	private static final String QUEUE = "Flowcast.Publishing";
	private static final String DEFAULT_SERVICE = "microflow";

	// The server takes a thousand records, and 100 KB, at a time unless it is set otherwise.
	private static final int MOST_RECORDS = 1000;
	private static final int MOST_BYTES = 90_000;
	// A suffix for each part of a long list must fit in the server's 255.
	private static final int LONGEST_KEY = 200;

	// After the attempts that FlowcastServer makes by itself. The server remembers a key for an hour.
	private static final int RUNS = 8;
	private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
	private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

	private final String service;
	private final String keyAttribute;
	private final List<String> payload;
	private final String idempotencyKey;

	public Publication(String service, String keyAttribute, String payloadAttributes, String idempotencyKey) {
		this.service = isBlank(service) ? DEFAULT_SERVICE : service.trim();
		this.keyAttribute = isBlank(keyAttribute) ? null : keyAttribute.trim();
		this.payload = isBlank(payloadAttributes)
			? List.of()
			: Arrays.stream(payloadAttributes.split(",")).map(String::trim).filter(name -> !name.isEmpty()).collect(Collectors.toList());
		this.idempotencyKey = isBlank(idempotencyKey) ? UUID.randomUUID().toString() : idempotencyKey.trim();
		if (!this.idempotencyKey.matches("[ -~]{1," + LONGEST_KEY + "}"))
			throw new IllegalArgumentException("Flowcast: an IdempotencyKey is at most " + LONGEST_KEY + " letters, digits and other ASCII characters");
	}

	/** Whether there was anything to queue. */
	public boolean queue(IContext context, List<IMendixObject> items) {
		List<String> bodies = bodies(context, items);
		for (int part = 0; part < bodies.size(); ++part) {
			String key = bodies.size() == 1 ? idempotencyKey : idempotencyKey + "/" + (part + 1);
			Core.userActionCall("Flowcast.SendToFlowcast")
				.withParams(service, bodies.get(part), key)
				.withExponentialRetry(RUNS, FIRST_WAIT, LONGEST_WAIT)
				.executeInBackground(context, QUEUE);
		}
		return !bodies.isEmpty();
	}

	/** The JSON of each request: one record as it is, more of them as a list. */
	private List<String> bodies(IContext context, List<IMendixObject> items) {
		List<String> bodies = new ArrayList<>();
		List<String> records = new ArrayList<>();
		int bytes = 0;
		for (IMendixObject item : items == null ? List.<IMendixObject>of() : items) {
			if (item == null)
				continue;
			String record = RecordText.of(context, item, keyAttribute, payload);
			int size = record.getBytes(StandardCharsets.UTF_8).length + 1;
			if (!records.isEmpty() && (records.size() == MOST_RECORDS || bytes + size > MOST_BYTES)) {
				bodies.add(body(records));
				records.clear();
				bytes = 0;
			}
			records.add(record);
			bytes += size;
		}
		if (!records.isEmpty())
			bodies.add(body(records));
		return bodies;
	}

	private static String body(List<String> records) {
		return records.size() == 1 ? records.get(0) : "[" + String.join(",", records) + "]";
	}

	private static boolean isBlank(String text) {
		return text == null || text.isBlank();
	}
}
