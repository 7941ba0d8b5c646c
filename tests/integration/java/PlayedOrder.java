import java.util.Map;
import com.mendix.systemwideinterfaces.core.IContext;
import com.mendix.systemwideinterfaces.core.IMendixIdentifier;
import com.mendix.systemwideinterfaces.core.IMendixObject;

/** A Sales.Order with the members it is given. */
final class PlayedOrder implements IMendixObject {
	private final long guid;
	private final Map<String, Object> members;

	PlayedOrder(long guid, Map<String, Object> members) {
		this.guid = guid;
		this.members = members;
	}

	@Override
	public IMendixIdentifier getId() {
		return () -> guid;
	}

	@Override
	public String getType() {
		return "Sales.Order";
	}

	@Override
	public boolean hasMember(String name) {
		return members.containsKey(name);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T getValue(IContext context, String name) {
		return (T) members.get(name);
	}
}
