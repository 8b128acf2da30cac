namespace AgentVine.Git.Names;

/// <summary>How a repository is reached.</summary>
public enum RepositoryScheme
{
    /// <summary>A folder on this machine: an absolute path or a <c>file</c> URL.</summary>
    Local,

    /// <summary><c>http</c>.</summary>
    Http,

    /// <summary><c>https</c>.</summary>
    Https,

    /// <summary><c>ssh</c>, as a URL or as <c>user@host:path</c>.</summary>
    Ssh,

    /// <summary><c>git</c>: git's own transport, without credentials.</summary>
    Git,
}
