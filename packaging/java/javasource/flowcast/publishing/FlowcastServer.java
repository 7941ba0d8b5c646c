package flowcast.publishing;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;
import com.mendix.core.Core;
import com.mendix.logging.ILogNode;

/**
 * The Flowcast server that the constants Flowcast.ServerUrl and Flowcast.PublisherKey name.
 *
 * Each attempt carries the same Idempotency-Key: where an answer was lost, the next attempt publishes nothing twice.
 */
public final class FlowcastServer {
	private static final ILogNode LOG = Core.getLogger("Flowcast");

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
	private static final int ATTEMPTS = 4;
	private static final Duration FIRST_WAIT = Duration.ofMillis(250);
	// A server that wants more is left to the task queue, so that no thread of it is held for that long.
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
	private static final int MOST_OF_AN_ANSWER = 500;

	// HTTP/1.1: what the server speaks. No redirects: they would carry the key elsewhere.
	private static final HttpClient CLIENT = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.followRedirects(HttpClient.Redirect.NEVER)
		.connectTimeout(CONNECT_TIMEOUT)
		.build();

	private final String url;
	private final String publisherKey;

	private FlowcastServer(String url, String publisherKey) {
		this.url = url;
		this.publisherKey = publisherKey;
	}

	public static FlowcastServer ofThisApp() {
		String url = constant("Flowcast.ServerUrl");
		if (url.isEmpty())
			throw new IllegalStateException("Flowcast: set the constant Flowcast.ServerUrl, such as https://push.example.com");
		while (url.endsWith("/"))
			url = url.substring(0, url.length() - 1);
		return new FlowcastServer(url, constant("Flowcast.PublisherKey"));
	}

	/**
	 * True: it is published, for good. False: the server refuses it, and will again.
	 *
	 * @throws IOException if it cannot be known whether it was published: to be called again with the same key
	 */
	public boolean publish(String service, String records, String idempotencyKey) throws IOException, InterruptedException {
		HttpRequest request = request(service, records, idempotencyKey);
		for (int attempt = 1;; ++attempt) {
			String failure;
			Duration wait = FIRST_WAIT.multipliedBy(1L << (attempt - 1));
			// Not all at once, those that failed together.
			wait = wait.plusMillis(ThreadLocalRandom.current().nextLong(wait.toMillis()));
			try {
				HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
				int status = answer.statusCode();
				if (status / 100 == 2) {
					boolean again = answer.headers().firstValue("Idempotency-Replayed").isPresent();
					if (LOG.isDebugEnabled())
						LOG.debug("published to " + service + (again ? ", by an earlier attempt" : "") + ": " + records);
					return true;
				}
				failure = "it answered " + status + ": " + brief(answer.body());
				if (!isPassing(status)) {
					LOG.error("The Flowcast server at " + url + " refuses to publish to '" + service + "': " + failure + adviceOn(status));
					return false;
				}
				Duration asked = retryAfter(answer);
				wait = asked == null ? wait : asked;
			} catch (IOException unreachable) {
				failure = reason(unreachable);
			}
			if (attempt == ATTEMPTS || wait.compareTo(LONGEST_WAIT) > 0) {
				String message = "Cannot publish to '" + service + "' at " + url + " now: " + failure + ". The task queue will try again.";
				LOG.warn(message);
				throw new IOException(message);
			}
			LOG.debug("attempt " + attempt + " at " + url + " failed: " + failure);
			Thread.sleep(wait.toMillis());
		}
	}

	private HttpRequest request(String service, String records, String idempotencyKey) {
		String path = URLEncoder.encode(service, StandardCharsets.UTF_8).replace("+", "%20");
		HttpRequest.Builder made;
		try {
			made = HttpRequest.newBuilder(URI.create(url + "/" + path));
		} catch (IllegalArgumentException wrong) {
			throw new IllegalStateException("Flowcast: the constant Flowcast.ServerUrl is no http:// or https:// URL: " + url, wrong);
		}
		made.timeout(ANSWER_TIMEOUT)
			.header("Content-Type", "application/json")
			.header("Accept", "application/json")
			.header("Idempotency-Key", idempotencyKey)
			.POST(HttpRequest.BodyPublishers.ofString(records));
		if (!publisherKey.isEmpty())
			made.header("Authorization", "Bearer " + publisherKey);
		return made.build();
	}

	private static String constant(String name) {
		Object value = Core.getConfiguration().getConstantValue(name);
		return value == null ? "" : value.toString().trim();
	}

	/** Whether the same request may succeed later. */
	private static boolean isPassing(int status) {
		return status == 408 || status == 429 || status == 502 || status == 503 || status == 504 || status == 507;
	}

	private static String adviceOn(int status) {
		switch (status) {
			case 401: return ". Is the constant Flowcast.PublisherKey the key whose digest the server has?";
			case 403: return ". The key does not allow to publish there.";
			case 404: return ". Does the server offer that service (--service), and is Flowcast.ServerUrl its address?";
			case 413: return ". Send fewer attributes along, or raise the server's max-body.";
			default: return "";
		}
	}

	/** Seconds, or a date (RFC 9110, section 10.2.3); null where nothing is said. */
	private static Duration retryAfter(HttpResponse<?> answer) {
		String text = answer.headers().firstValue("Retry-After").orElse("").trim();
		try {
			if (text.matches("\\d{1,9}"))
				return Duration.ofSeconds(Long.parseLong(text));
			if (text.isEmpty())
				return null;
			Duration until = Duration.between(ZonedDateTime.now(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
			return until.isNegative() ? Duration.ZERO : until;
		} catch (DateTimeException unreadable) {
			return null;
		}
	}

	private static String reason(IOException of) {
		return of.getMessage() == null ? of.getClass().getSimpleName() : of.getClass().getSimpleName() + ": " + of.getMessage();
	}

	private static String brief(String text) {
		return text.length() <= MOST_OF_AN_ANSWER ? text : text.substring(0, MOST_OF_AN_ANSWER) + "…";
	}
}
