import { ambilToken } from "$lib/api/host";

// Before the router writes its own history.
ambilToken();
