import { ambilToken, beriJalan } from "$lib/api/host";

// Before the router writes its own history.
beriJalan();
ambilToken();
