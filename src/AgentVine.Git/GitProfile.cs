namespace AgentVine.Git;

/// <summary>Whose configuration a git command may obey.</summary>
public enum GitProfile
{
    /// <summary>
    /// Nobody's: no system or user configuration, no attributes or excludes of the user, no credentials, no prompts, no transport at all,
    /// and an environment of a few named variables. For everything that touches what agents or bundles brought. The default.
    /// </summary>
    Isolated,

    /// <summary>
    /// The user's that runs this program: their git configuration (credential helpers, proxies, certificates, <c>url.insteadOf</c>), ssh
    /// configuration and agent. Only for talking to a repository that a task names; the transports are limited to file, git, http, https
    /// and ssh, and hooks, prompts and checkouts are off all the same.
    /// </summary>
    Remote,
}
