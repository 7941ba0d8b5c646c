/** As much of React as one component with refs and effects needs; a test mounts it with `mount`. */
let cells = null;
let cursor = 0;

export const createElement = (type, props) => ({ type, props });

export function useRef(initial) {
  const place = cursor++;
  return (cells[place] ??= { current: initial });
}

export function useEffect(effect, inputs) {
  const place = cursor++;
  const cell = (cells[place] ??= { effect: true });
  cell.pending = !cell.inputs || !inputs || inputs.some((input, index) => input !== cell.inputs[index]) ? effect : null;
  cell.inputs = inputs;
}

export function mount(component, node) {
  const own = [];
  return {
    element: null,
    render(props) {
      cells = own;
      cursor = 0;
      this.element = component(props);
      this.element.props.ref.current = node;
      const effects = own.filter((cell) => cell.effect && cell.pending);
      effects.forEach((cell) => cell.cleanup && cell.cleanup());
      effects.forEach((cell) => {
        cell.cleanup = cell.pending();
        cell.pending = null;
      });
    },
    unmount() {
      own.filter((cell) => cell.effect).forEach((cell) => cell.cleanup && cell.cleanup());
    },
  };
}
