/**
 * The words for what the core says in numbers: in the order of core/status.hpp and core/note.hpp, which a test compares.
 * `@` is the server's URL.
 */

const states = "connecting connected disconnected refused failed".split(" ");

/** A line for each: its name, what is the case, what to do about it. */
const causes = `||
unreachable|No connection to @.|Is the server running, the URL right, do proxies let WebSockets pass?
lost|The connection to @ broke.|
silent|@ stopped answering.|
closed|@ closed the connection.|
protocol|@ is not a Flowcast server.|Check the URL.
oversized|@ sent too large a record.|Publish smaller records.
busy|@ is too busy.|
expiring|The token for @ expires soon.|
token|@ refused the token.|It is missing, wrong or expired.
forbidden|The token does not allow what the widget listens to.|
service|@ does not have this service.|Check the widget's service.
rejected|@ refused the connection.|
insecure|An https page cannot connect to @.|Use an https URL.
policy|The page's Content-Security-Policy forbids @.|Add its wss: address to connect-src.
url|“@” is not the URL of a server.|It looks like https://realtime.example.com.
core|Flowcast cannot run on this page.|WebAssembly is blocked, its replacement does not load.`.split("\n");

export const REFUSED = 3;
export const FAILED = 4;
export const CORE = 16;

/** Of an error from a server, by its code: token, forbidden, service, or else rejected. */
export const causeOf = (code) => 9 + [401, 403, 404, code].indexOf(code);

/** A status, as bridge.js describes it. */
export function describe(url, state, cause, detail) {
  const [name, message, help] = causes[cause].split("|");
  const words = message || (state ? "Connected to @." : "Connecting to @.");
  return { state: states[state], cause: name, message: words.split("@").join(url), help, detail };
}

/** What the core does, for whoever debugs. */
export const notes = `connection connecting
connection connected
connection disconnected:
subscription subscribing
subscription subscribed
event received
event matched key
action runs for key
action finished for key
claim sent`.split("\n");
