package flowcast.publishing;

import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import com.mendix.systemwideinterfaces.core.IContext;
import com.mendix.systemwideinterfaces.core.IMendixIdentifier;
import com.mendix.systemwideinterfaces.core.IMendixObject;

/**
 * An object as Flowcast's record: {"text":"<key>","entity":"Sales.Order","<attribute>":…}.
 *
 * GUIDs and whole numbers past 2^53 are texts, because JavaScript cannot hold them as numbers. Dates are ISO 8601 in UTC.
 */
final class RecordText {
	private static final long LARGEST_EXACT = 1L << 53;

	private RecordText() {}

	static String of(IContext context, IMendixObject item, String keyAttribute, List<String> payload) {
		StringBuilder json = new StringBuilder("{\"text\":");
		append(json, keyOf(context, item, keyAttribute));
		json.append(",\"entity\":");
		append(json, item.getType());
		for (String name : payload) {
			if (!item.hasMember(name))
				throw new IllegalArgumentException("Flowcast: " + item.getType() + " has no attribute or association '" + name + "'");
			json.append(',');
			append(json, name);
			json.append(':');
			Object value = item.getValue(context, name);
			append(json, value);
		}
		return json.append('}').toString();
	}

	private static String keyOf(IContext context, IMendixObject item, String keyAttribute) {
		// As getGuid() of the client has it.
		if (keyAttribute == null)
			return Long.toString(item.getId().toLong());
		Object value = item.getValue(context, keyAttribute);
		String key = value instanceof BigDecimal ? ((BigDecimal) value).toPlainString() : value == null ? "" : value.toString();
		if (key.isEmpty())
			throw new IllegalArgumentException("Flowcast: " + item.getType() + " " + item.getId().toLong() + " has nothing in its key attribute '" + keyAttribute + "'");
		return key;
	}

	private static void append(StringBuilder json, Object value) {
		if (value == null || value instanceof Boolean || value instanceof Integer) {
			json.append(value);
		} else if (value instanceof Long) {
			long number = (Long) value;
			if (Math.abs(number) <= LARGEST_EXACT)
				json.append(number);
			else
				append(json, Long.toString(number));
		} else if (value instanceof BigDecimal) {
			json.append(((BigDecimal) value).toPlainString());
		} else if (value instanceof Date) {
			append(json, DateTimeFormatter.ISO_INSTANT.format(((Date) value).toInstant()));
		} else if (value instanceof IMendixIdentifier) {
			append(json, Long.toString(((IMendixIdentifier) value).toLong()));
		} else if (value instanceof Collection) {
			String separator = "[";
			for (Object each : (Collection<?>) value) {
				json.append(separator);
				append(json, each);
				separator = ",";
			}
			json.append(separator.equals("[") ? "[]" : "]");
		} else {
			append(json, value.toString());
		}
	}

	private static void append(StringBuilder json, String text) {
		json.append('"');
		for (int i = 0; i < text.length(); ++i) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\')
				json.append('\\').append(c);
			else if (c < ' ')
				json.append(String.format("\\u%04x", (int) c));
			else if (Character.isSurrogate(c) && !isInPair(text, i))
				json.append('\ufffd');  // half a character: no JSON can hold it
			else
				json.append(c);
		}
		json.append('"');
	}

	private static boolean isInPair(String text, int at) {
		return Character.isHighSurrogate(text.charAt(at))
			? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
			: at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
	}
}
