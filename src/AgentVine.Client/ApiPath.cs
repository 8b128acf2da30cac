using System.Globalization;
using System.Text;
using AgentVine.Contracts;

namespace AgentVine.Client;

/// <summary>A path with its query; parameters that are null are left out.</summary>
internal sealed class ApiPath(string path)
{
    private readonly StringBuilder _text = new("api/v1/" + path);
    private char _separator = '?';

    public ApiPath With(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    public ApiPath With(string name, long? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public ApiPath With(string name, Guid? value) => With(name, value?.ToString("D"));

    public ApiPath With<TEnum>(string name, TEnum? value) where TEnum : struct, Enum =>
        With(name, value is { } known ? VineJson.Name(known) : null);

    /// <summary>A long poll's seconds; 0 asks for no wait and is left out.</summary>
    public ApiPath WithWait(int seconds) => With("wait", seconds > 0 ? seconds : null);

    public override string ToString() => _text.ToString();

    public static implicit operator string(ApiPath path) => path.ToString();
}
