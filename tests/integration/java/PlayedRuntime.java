import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import com.mendix.core.Core;
import com.mendix.core.actionmanagement.UserActionCallBuilder;
import com.mendix.core.conf.Configuration;
import com.mendix.logging.ILogNode;
import com.mendix.systemwideinterfaces.core.IContext;
import com.mendix.systemwideinterfaces.core.UserAction;

/** Plays Mendix: constants, the log, and a task queue whose tasks start when their transaction is committed. */
final class PlayedRuntime implements Core.Runtime {
	private final Map<String, Object> constants;
	private final Deque<Task> tasks = new ArrayDeque<>();

	private static final class Task {
		String action;
		Object[] parameters;
		int runs = 1;
	}

	PlayedRuntime(Map<String, Object> constants) {
		this.constants = constants;
	}

	int tasks() {
		return tasks.size();
	}

	void rollBack() {
		tasks.clear();
	}

	void commit() throws Exception {
		while (!tasks.isEmpty()) {
			Task task = tasks.poll();
			Constructor<?> made = Class.forName(task.action.replace("Flowcast.", "flowcast.actions.")).getConstructors()[0];
			Object[] parameters = new Object[task.parameters.length + 1];
			System.arraycopy(task.parameters, 0, parameters, 1, task.parameters.length);
			for (int run = 1;; ++run) {
				try {
					System.out.println("task " + ((UserAction<?>) made.newInstance(parameters)).executeAction());
					break;
				} catch (Exception failed) {
					System.out.println("task failed: " + failed.getMessage());
					if (run == task.runs)
						break;
				}
			}
		}
	}

	@Override
	public Configuration configuration() {
		return constants::get;
	}

	@Override
	public UserActionCallBuilder userActionCall(String name) {
		Task task = new Task();
		task.action = name;
		return new UserActionCallBuilder() {
			@Override
			public UserActionCallBuilder withParams(Object... parameters) {
				for (Object each : parameters)
					if (!(each instanceof String))
						throw new IllegalArgumentException("a task takes plain values and committed objects alone");
				task.parameters = parameters;
				return this;
			}

			@Override
			public UserActionCallBuilder withExponentialRetry(int attempts, Duration first, Duration longest) {
				task.runs = 1 + attempts;
				return this;
			}

			@Override
			public void executeInBackground(IContext context, String queue) {
				if (!queue.equals("Flowcast.Publishing"))
					throw new IllegalArgumentException("there is no queue " + queue);
				tasks.add(task);
			}
		};
	}

	@Override
	public ILogNode logger(String name) {
		return new ILogNode() {
			@Override
			public void error(Object message) {
				System.out.println("ERROR " + name + ": " + message);
			}

			@Override
			public void warn(Object message) {
				System.out.println("WARNING " + name + ": " + message);
			}

			@Override
			public void debug(Object message) {
				System.out.println("DEBUG " + name + ": " + message);
			}

			@Override
			public boolean isDebugEnabled() {
				return true;
			}
		};
	}
}
