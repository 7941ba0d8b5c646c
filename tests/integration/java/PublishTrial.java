import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import com.mendix.core.Core;
import com.mendix.systemwideinterfaces.core.IContext;
import com.mendix.systemwideinterfaces.core.IMendixIdentifier;
import com.mendix.systemwideinterfaces.core.IMendixObject;
import flowcast.actions.Publish;
import flowcast.actions.PublishList;

/** A microflow that publishes, run as Mendix would: PublishTrial URL KEY TRIAL. */
final class PublishTrial {
	private static final IContext CONTEXT = new IContext() {};

	private PublishTrial() {}

	public static void main(String[] arguments) throws Exception {
		PlayedRuntime mendix = new PlayedRuntime(Map.of("Flowcast.ServerUrl", arguments[0], "Flowcast.PublisherKey", arguments[1]));
		Core.runtime = mendix;
		switch (arguments[2]) {
			case "one":
				System.out.println(new Publish(CONTEXT, order(9007199254740993L), null, null, null, null).executeAction());
				System.out.println(mendix.tasks() + " queued");
				System.in.read();  // until whoever runs this has looked
				mendix.commit();
				break;
			case "fields":
				new Publish(CONTEXT, order(7), "microflow", "Number",
					"Number, Total,Paid, Placed,Big,Sales.Order_Customer,Sales.Order_Lines,Note,Empty", "once").executeAction();
				mendix.commit();
				break;
			case "twice":
				for (int i = 0; i < 2; ++i)
					new Publish(CONTEXT, order(7), "", "", "", "once").executeAction();
				mendix.commit();
				break;
			case "rolled back":
				new Publish(CONTEXT, order(7), null, null, null, null).executeAction();
				mendix.rollBack();
				mendix.commit();
				break;
			case "list":
				List<IMendixObject> orders = new ArrayList<>();
				for (int i = 0; i < 2500; ++i)
					orders.add(i % 100 == 0 ? null : order(i));
				new PublishList(CONTEXT, orders, null, null, "Number", "all of them").executeAction();
				System.out.println(mendix.tasks() + " queued");
				mendix.commit();
				break;
			case "nothing":
				System.out.println(new PublishList(CONTEXT, null, null, null, null, null).executeAction());
				System.out.println(new Publish(CONTEXT, null, null, null, null, null).executeAction());
				break;
			case "unknown attribute":
				try {
					new Publish(CONTEXT, order(7), null, null, "Nuber", null).executeAction();
				} catch (IllegalArgumentException told) {
					System.out.println(told.getMessage());
				}
				break;
			default:
				throw new IllegalArgumentException(arguments[2]);
		}
	}

	private static PlayedOrder order(long guid) {
		Map<String, Object> members = new HashMap<>();
		members.put("Number", "A-" + guid);
		members.put("Total", new BigDecimal("12.50"));
		members.put("Paid", true);
		members.put("Placed", new Date(0));
		members.put("Big", 9007199254740993L);
		members.put("Sales.Order_Customer", (IMendixIdentifier) () -> 281474976710657001L);
		members.put("Sales.Order_Lines", List.of((IMendixIdentifier) () -> 1L, (IMendixIdentifier) () -> 2L));
		members.put("Note", "\"é\n\ud83d\ude00\"\ud83d\\");
		members.put("Empty", null);
		return new PlayedOrder(guid, members);
	}
}
