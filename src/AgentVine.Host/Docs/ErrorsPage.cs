using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentVine.Host.Docs;

/// <summary><c>docs/errors.md</c> as a page whose sections can be linked to. Reads the little Markdown that the file uses.</summary>
internal static partial class ErrorsPage
{
    private const string Style =
        "body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c2128;background:#fff}"
        + "h2{margin-top:2.5rem}:target{background:#fff3c4}code,pre{font:14px/1.5 ui-monospace,monospace;background:#f2f4f7}"
        + "pre{padding:.75rem;overflow:auto}@media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14171c}"
        + "code,pre{background:#22272e}:target{background:#4d4117}}";

    private static readonly Lazy<string> Page = new(() => Render(Source()));

    public static string Html => Page.Value;

    public static string Render(string markdown)
    {
        var html = new StringBuilder(
            "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
            + $"<title>AgentVine errors</title><style>{Style}</style><body>");
        foreach (var block in markdown.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            html.Append(Block(block.Trim('\n')));
        }

        return html.ToString();
    }

    private static string Block(string block) => block switch
    {
        ['#', '#', ' ', .. var code] => $"<h2 id=\"{Text(code)}\"><a href=\"#{Text(code)}\">{Text(code)}</a></h2>",
        ['#', ' ', .. var title] => $"<h1>{Text(title)}</h1>",
        ['-', ' ', ..] => $"<ul>{string.Concat(block.Split('\n').Select(item => $"<li>{Inline(item[2..])}</li>"))}</ul>",
        ['`', '`', '`', ..] => $"<pre>{Text(string.Join('\n', block.Split('\n')[1..^1]))}</pre>",
        _ => $"<p>{Inline(block)}</p>",
    };

    private static string Inline(string text) => InlineCode().Replace(Text(text), "<code>$1</code>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Source()
    {
        using var reader = new StreamReader(typeof(ErrorsPage).Assembly.GetManifestResourceStream("errors.md")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InlineCode();
}
