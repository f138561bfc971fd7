using System.Net;
using Microsoft.Extensions.Options;

namespace PolyClaw.Models;

/// <summary>Judges <see cref="ModelOptions"/> at start; every message names the key.</summary>
internal sealed class ModelOptionsValidator : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        var wrong = new List<string>();
        if (options.Provider is not (null or "none" or "openai"))
            wrong.Add($"Model:Provider is '{options.Provider}'; it is none or openai");
        if (options.Endpoint is { } endpoint)
            CheckEndpoint(endpoint, options, wrong);
        if (string.IsNullOrWhiteSpace(options.Name))
            wrong.Add("Model:Name is empty; it is a model's name, for example gpt-4.1-mini");
        if (options.TimeoutSeconds is < 5 or > 600)
            wrong.Add($"Model:TimeoutSeconds is {options.TimeoutSeconds}; it must be 5 to 600");
        if (string.IsNullOrWhiteSpace(options.KeyVariable))
            wrong.Add("Model:KeyVariable is empty; it is the name of an environment variable, for example OPENAI_API_KEY");
        else if (options.Provider == "openai" && options.Endpoint is null && options.Key is null)
            wrong.Add($"Model:Provider is openai, but {options.KeyVariable} is not set; set it, or Model:Endpoint for a server that needs no key");
        if (options.IsConfigured && options.Key is { } key && key.Any(c => c is <= ' ' or > '~'))
            wrong.Add($"the key in {options.KeyVariable} (Model:KeyVariable) holds a blank or a character that no header takes; was it pasted with its line end?");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static void CheckEndpoint(string endpoint, ModelOptions options, List<string> wrong)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            wrong.Add($"Model:Endpoint is '{endpoint}'; it must be an http or https address, for example http://127.0.0.1:11434/v1");
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            wrong.Add("Model:Endpoint holds a user, a query or a fragment; it is a plain base address, and a key belongs into the variable of Model:KeyVariable");
        else if (options.IsConfigured && uri.Scheme == "http" && !IsThisMachine(uri) && options.Key is not null)
            wrong.Add(
                $"Model:Endpoint is {uri}, and the key in {options.KeyVariable} would be sent there unencrypted; "
                + "use https, or name a variable that is not set with Model:KeyVariable if that server needs no key");
    }

    private static bool IsThisMachine(Uri uri) => uri.IsLoopback || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
