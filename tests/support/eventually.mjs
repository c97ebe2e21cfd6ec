// Retries an assertion for a short while: a change by SQL reaches the server through a notification.
export async function eventually(check, { within = 2000, every = 20 } = {}) {
  const end = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
