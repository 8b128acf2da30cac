using System.CommandLine;
using AgentVine.Contracts;

namespace AgentVine.Host.Commands;

/// <summary>Options that several host commands share. Each flag stands over its <c>VINE_*</c> variable and the settings file.</summary>
internal static class HostOptions
{
    public static Option<string> Url() => new("--url") { Description = "The address to serve; http://127.0.0.1:8000 by default", HelpName = "url" };

    public static Option<string> Port() => new("--port") { Description = "The port to serve on 127.0.0.1, in place of --url; 0 takes a free one", HelpName = "number" };

    public static Option<string> Auth() => new("--auth") { Description = "loopback: this machine files and reads without a key; required: every call wants the key", HelpName = "mode" };

    public static Option<string> Runtime() => new("--runtime") { Description = $"The runtime of tasks that name none: {string.Join(", ", RuntimeNames.All)}", HelpName = "name" };

    public static Option<string> Slots() => new("--slots") { Description = "How many tasks a worker runs at a time; 1 by default", HelpName = "number" };

    public static Option<string> Name(string what) => new("--name") { Description = what, HelpName = "name" };

    public static Option<string> Sandbox() => new("--sandbox") { Description = "auto (bubblewrap where it works, else none, said loudly), bubblewrap or none", HelpName = "kind" };

    public static Option<string> Network() => new("--network") { Description = "auto: agents in the sandbox have no network where their model is called through the worker's gateway; open: they have the host's", HelpName = "kind" };

    public static Option<string> File() => new("--file") { Description = "A worker described in a file (YAML): see docs/guide/workers.md", HelpName = "path" };
}
