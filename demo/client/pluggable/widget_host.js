import { WidgetProps } from "./widget_props.js";

/** Catches what a widget throws while it renders, and says so in its place, as the clients do. */
function boundary(React) {
  return class extends React.Component {
    state = { error: null };

    static getDerivedStateFromError(error) {
      return { error };
    }

    render() {
      const { error } = this.state;
      if (!error) return this.props.children;
      return React.createElement(
        "p",
        { className: "widget-error", role: "alert" },
        `Could not render widget: ${error.message}`,
      );
    }
  };
}

/**
 * Makes the React component that shows a pluggable widget: `{Widget, definition, object, session, form}`.
 * @param {object} React  the client's
 */
export function widgetHost(React) {
  const Boundary = boundary(React);
  return function WidgetHost({ Widget, definition, object, session, form }) {
    const [, draw] = React.useReducer((count) => count + 1, 0);
    const [props, setProps] = React.useState(null);
    React.useEffect(() => {
      const made = new WidgetProps({ definition, session, form, changed: draw });
      setProps(made);
      return () => made.release();
    }, [definition, session, form]);
    React.useEffect(() => props?.setObject(object), [props, object]);
    return props && React.createElement(Boundary, null, React.createElement(Widget, props.current));
  };
}
