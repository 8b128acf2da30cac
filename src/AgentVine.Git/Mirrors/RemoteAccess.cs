using AgentVine.Git.Names;

namespace AgentVine.Git.Mirrors;

/// <summary>How a repository's own credentials reach git: never on a command line, and never to another host than the URL's.</summary>
internal static class RemoteAccess
{
    // Some hosts take a token for the user's name; real names are short, and would blacken half of an error.
    private const int ShortestToken = 16;

    private const string UserVariable = "VINE_GIT_USER";
    private const string PasswordVariable = "VINE_GIT_PASSWORD";

    // Constant text, run by git's own means; what it prints comes from the environment and holds no line break (the parser refuses them).
    private const string Answer =
        "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \"$" + UserVariable + "\" \"$" + PasswordVariable + "\"; }; f";

    /// <summary>Completes <paramref name="command"/>, whose repository is <paramref name="url"/>.</summary>
    public static GitCommand Authenticate(GitCommand command, RepositoryUrl url)
    {
        command = command with { Profile = GitProfile.Remote };
        if (url.Origin is null || url.UserName is null)
        {
            return command;
        }

        if (url.Password is null)
        {
            return command with { Configuration = [.. command.Configuration, new($"credential.{url.Origin}.username", url.UserName)] };
        }

        string[] secrets = url.UserName.Length < ShortestToken ? [url.Password] : [url.Password, url.UserName];

        // The empty one forgets the user's helpers: they would be asked first, and would keep what works.
        return command with
        {
            Configuration = [.. command.Configuration, new("credential.helper", ""), new($"credential.{url.Origin}.helper", Answer)],
            Environment = new Dictionary<string, string>(command.Environment)
            {
                [UserVariable] = url.UserName,
                [PasswordVariable] = url.Password,
            },
            Secrets = [.. command.Secrets, .. secrets, .. secrets.Select(Uri.EscapeDataString)],
        };
    }
}
