package com.mendix.core.actionmanagement;

import java.time.Duration;
import com.mendix.systemwideinterfaces.core.IContext;

public interface UserActionCallBuilder {
	UserActionCallBuilder withParams(Object... parameters);

	UserActionCallBuilder withExponentialRetry(int attempts, Duration first, Duration longest);

	void executeInBackground(IContext context, String queue);
}
