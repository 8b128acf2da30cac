using System.Globalization;
using System.Text.RegularExpressions;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Cli.Commands.Inbox;

/// <summary>
/// The little language of answers, the same at the prompt and on the command line: <c>y</c>, <c>session</c>, <c>n why</c> for a
/// permission; <c>y</c> or <c>n why</c> for a plan or a review; numbers, a label or free words for each question.
/// </summary>
internal static partial class AnswerWords
{
    /// <summary>What can be said to a request of this kind.</summary>
    public static string Grammar(RequestView request) => request.Kind switch
    {
        RequestKind.Permission => "y, session, or n and why",
        RequestKind.Approval => "y, or n and why",
        RequestKind.Review => "y, or n and what to change",
        _ when request.Questions is not { Count: > 0 } => "your own words",
        _ => string.Join("; ", request.Questions.Select(Grammar)),
    };

    public static string Grammar(RequestQuestion question) => question switch
    {
        { Options.Count: 0 } => "your own words",
        { MultiSelect: true } => "numbers as in 1,3, or your own words",
        _ => "a number, or your own words",
    };

    /// <summary>The answer that <paramref name="words"/> give.</summary>
    /// <exception cref="CommandException">They give none; the message says what would.</exception>
    public static RequestAnswer Parse(RequestView request, IReadOnlyList<string> words) => request.Kind switch
    {
        _ when words.Count == 0 || words.All(string.IsNullOrWhiteSpace) => throw Wrong($"an answer is missing: {Grammar(request)}"),
        RequestKind.Permission => Permission(words),
        RequestKind.Approval or RequestKind.Review => Decision(request, words),
        _ => Question(request.Questions, words),
    };

    /// <summary>The answer to one question: labels for numbers, else the words themselves. Quotation marks keep a number a word.</summary>
    public static string Choose(RequestQuestion question, string words)
    {
        var text = words.Trim();
        if (text.Length > 2 && text[0] == '"' && text[^1] == '"')
        {
            return text[1..^1];
        }

        if (question.Options.Count == 0 || !Numbers().IsMatch(text))
        {
            return question.Options.FirstOrDefault(option => option.Label.Equals(text, StringComparison.OrdinalIgnoreCase))?.Label ?? text;
        }

        var numbers = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        if (numbers.FirstOrDefault(number => number < 1 || number > question.Options.Count, 1) is var wrong && (wrong < 1 || wrong > question.Options.Count))
        {
            throw Wrong($"there is no option {wrong}, but 1 to {question.Options.Count}; quotation marks make it a word: \"{wrong}\"");
        }

        return numbers.Count == 1 || question.MultiSelect
            ? string.Join(", ", numbers.Distinct().Select(number => question.Options[number - 1].Label))
            : throw Wrong("one option can be chosen here; give one number");
    }

    private static RequestAnswer Permission(IReadOnlyList<string> words)
    {
        var (verb, rest) = Split(words);
        return (verb, rest) switch
        {
            ("y" or "yes" or "allow", null) => new RequestAnswer { Decision = AnswerDecision.Allow },
            ("s" or "session", null) => new RequestAnswer { Decision = AnswerDecision.Allow, Scope = GrantScope.Session },
            ("n" or "no" or "deny", _) => new RequestAnswer { Decision = AnswerDecision.Deny, Reason = rest },
            ("y" or "yes" or "allow" or "s" or "session", _) => throw Wrong($"a yes takes no words, and '{rest}' would reach nobody; say n and why, or write to the agent with vine chat"),
            _ => throw Wrong($"'{verb}' is no answer to a permission: say y, session, or n and why"),
        };
    }

    private static RequestAnswer Decision(RequestView request, IReadOnlyList<string> words)
    {
        var (verb, rest) = Split(words);
        return (verb, rest) switch
        {
            ("y" or "yes" or "approve" or "accept", _) => new RequestAnswer { Decision = AnswerDecision.Approve, Comment = rest },
            ("n" or "no" or "reject", null) when request.Kind == RequestKind.Review => throw Wrong("say what to change, too: n and your words"),
            ("n" or "no" or "reject", _) => new RequestAnswer { Decision = AnswerDecision.Reject, Comment = rest },
            _ => throw Wrong($"'{verb}' is no answer here: say {Grammar(request)}"),
        };
    }

    private static RequestAnswer Question(IReadOnlyList<RequestQuestion>? questions, IReadOnlyList<string> words)
    {
        if (questions is not { Count: > 0 })
        {
            return new RequestAnswer { Text = string.Join(' ', words) };
        }

        if (questions.Count == 1)
        {
            words = [string.Join(' ', words)];
        }

        return words.Count == questions.Count
            ? new RequestAnswer { Answers = questions.Zip(words).ToDictionary(pair => pair.First.Question, pair => Choose(pair.First, pair.Second)) }
            : throw Wrong($"there are {questions.Count} questions and {words.Count} answers; give one for each, in order");
    }

    private static (string Verb, string? Words) Split(IReadOnlyList<string> words)
    {
        var parts = string.Join(' ', words).Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (parts[0].ToLowerInvariant(), parts.Length > 1 ? parts[1] : null);
    }

    private static CommandException Wrong(string message) => new(ExitCode.Usage, message);

    [GeneratedRegex(@"^\d{1,4}([,\s]+\d{1,4})*$")]
    private static partial Regex Numbers();
}
