/** Runs one bundled function as Lambda does: imports the module once, calls its handler for each event, one at a time. */
type Request =
  | { readonly kind: 'import'; readonly module: string }
  | { readonly kind: 'invoke'; readonly event: unknown; readonly remainingMs: number }
  | { readonly kind: 'shift'; readonly ms: number };
type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

const realNow = Date.now;
let shifted = 0;
// The clock of the program; the SDK signs with `new Date()`, which stays.
Date.now = () => realNow() + shifted;
let handler: Handler | undefined;

process.on('message', (message: Request) => {
  answer(message).then(
    (value) => process.send?.({ value }),
    (thrown: unknown) => process.send?.({ error: thrown instanceof Error ? thrown.message : String(thrown) }),
  );
});

async function answer(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'shift':
      shifted += request.ms;
      return undefined;
    case 'import': {
      const start = performance.now();
      // A bundle exports `handler`, as its deployment says.
      handler = ((await import(request.module)) as { handler: Handler }).handler;
      return performance.now() - start;
    }
    case 'invoke': {
      const end = performance.now() + request.remainingMs;
      const context = { getRemainingTimeInMillis: () => Math.max(0, end - performance.now()) };
      return await handler?.(request.event, context);
    }
  }
}
