// A small app as the documentation of Neon Auth has it: the SDK's client, the UI library's sign-in form, and who is signed in.
import { createRoot } from 'react-dom/client';
import { createAuthClient } from '@neondatabase/auth';
import { BetterAuthReactAdapter } from '@neondatabase/auth/react/adapters';
import { AuthView, NeonAuthUIProvider } from '@neondatabase/auth-ui';

const client = createAuthClient(globalThis.BASE_URL, { adapter: BetterAuthReactAdapter() });
globalThis.client = client;

function App() {
  const { data, isPending } = client.useSession();
  const error = new URLSearchParams(location.search).get('error');
  if (isPending) return <p>Loading</p>;
  if (data) {
    return (
      <p>
        <span id="who">{data.user.email}</span> <button onClick={() => client.signOut()}>Sign out</button>
      </p>
    );
  }
  return (
    <>
      {error && <p id="error">{error}</p>}
      <AuthView view="SIGN_IN" />
    </>
  );
}

createRoot(document.getElementById('root')).render(
  <NeonAuthUIProvider authClient={client} redirectTo="/" social={{ providers: ['google', 'github'] }}>
    <App />
  </NeonAuthUIProvider>,
);
